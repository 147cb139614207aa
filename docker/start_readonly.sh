#!/usr/bin/env bash
# Starts the program of a root directory as a container would: as user 10001, the root read-only, DATA writable. It must answer
# `oasis status`; `oasis health`, which the HEALTHCHECK runs, must fail until it has a snapshot and pass then; and it must end well by SIGTERM. Usage: docker/start_readonly.sh ROOT DATA
set -euo pipefail
[[ ${3:-} == inside ]] || exec unshare --mount --pid --fork --net "${BASH_SOURCE[0]}" "$1" "$2" inside
root=$1 data=$2
ip link set lo up 2>/dev/null || true  # a network of its own: no port of the machine is taken
mount --bind "$root" "$root"
mount --bind "$data" "$root/var/lib/oasis"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
oasis() { chroot --userspec=10001:10001 "$root" oasis "$@"; }

if chroot --userspec=10001:10001 "$root" touch /written 2>/dev/null; then echo 'the root can be written to' >&2; exit 1; fi
chroot --userspec=10001:10001 "$root" oasis serve --data-dir /var/lib/oasis --watch /srv/snapshots --log-format json &
server=$!
for _ in {1..100}; do
  oasis status >/dev/null 2>&1 && break
  sleep 0.1
done
oasis status
oasis health 2>&1 | grep NOT_SERVING
oasis generate --tracks 100 --out /var/lib/oasis/files >/dev/null
oasis snapshot build --scores /var/lib/oasis/files/scores.csv --campaigns /var/lib/oasis/files/campaigns.csv --out /var/lib/oasis/first >/dev/null
oasis snapshot load /var/lib/oasis/first
oasis health
kill -TERM "$server"
wait "$server"
