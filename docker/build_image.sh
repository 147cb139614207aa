#!/usr/bin/env bash
# Builds the image of docker/Dockerfile for real where no engine runs, on a base that it makes of Debian's packages, starts it
# with a read-only root as a user, and prints its size.
#
#   ./run image [--program FILE] [TAG]        TAG: localhost/oasis:dev unless named
#
# --program takes a program that was built on Debian 12 (build/release/oasis) in place of compiling it in the image's first
# stage. Works in build/image, where the image stays:
#   buildah --storage-driver vfs --root build/image/store --runroot build/image/run images
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[[ $(id -u) -eq 0 ]] || { echo 'build_image.sh: must be root, to make a base and to start the image' >&2; exit 1; }
program=
if [[ ${1:-} == --program ]]; then program=$(realpath "${2:?--program needs a FILE}"); shift 2; fi
tag=${1:-localhost/oasis:dev}
base=localhost/debian:12-slim
work=$PWD/build/image
mkdir -p "$work"
export BUILDAH_ISOLATION=chroot  # it and vfs work where there are neither namespaces nor overlays to be had
buildah() { command buildah --storage-driver vfs --root "$work/store" --runroot "$work/run" "$@"; }
say() { printf '\n== %s\n' "$*"; }

if ! buildah inspect --type image "$base" >/dev/null 2>&1; then
  say "A base like debian:12-slim: Debian's essential packages, without manuals and translations"
  mmdebstrap --quiet --variant=minbase --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' bookworm "$work/base.tar"
  printf 'FROM scratch\nADD base.tar /\n' | buildah bud -q -t "$base" -f - "$work" >/dev/null
  rm "$work/base.tar"
fi

say "The image"
context=$PWD
dockerfile=docker/Dockerfile
if [[ -n $program ]]; then
  # The same file, but its first stage only copies.
  context=$work/context
  install -D --strip "$program" "$context/build/release/oasis"
  sed '/^RUN .\/run build/d' docker/Dockerfile >"$work/Dockerfile"
  dockerfile=$work/Dockerfile
fi
cache=${CCACHE_DIR:-$HOME/.cache/ccache}  # what was compiled before need not be again
volume=()
[[ -d $cache ]] && volume=(--volume "$cache:/root/.cache/ccache")
# Docker's format: the other one has no HEALTHCHECK.
buildah bud --format docker "${volume[@]}" -t "$tag" -f "$dockerfile" --build-arg BASE="$base" \
  --build-arg COMMIT="$(git rev-parse --short=12 HEAD)" "$context" >"$work/build.log" 2>&1 ||
  { tail -n 40 "$work/build.log"; exit 1; }

say "It starts as its user, on a root that it cannot write to"
container=$(buildah from "$tag")
root=$(buildah mount "$container")
data=$(mktemp -d)
trap 'rm -rf "$data"; buildah umount "$container" >/dev/null; buildah rm "$container" >/dev/null' EXIT
chown 10001:10001 "$data"
docker/start_readonly.sh "$root" "$data"

buildah rmi --prune >/dev/null  # the image that had this name before
say "Its size"
buildah images --format '{{.Name}}:{{.Tag}} {{.Size}}'
