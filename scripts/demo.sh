#!/usr/bin/env bash
# The demo of `./run demo`: one day in the life of a score server, told with the real program.
# Usage: scripts/demo.sh PATH/TO/oasis
#
# Everything it writes is in a temporary directory that it removes; it listens on loopback only.
set -euo pipefail
program=$(realpath "${1:?usage: scripts/demo.sh PATH/TO/oasis}")
helper=$(realpath "$(dirname "${BASH_SOURCE[0]}")/demo_helper.py")
rate=1000  # calls a second of the load tests, 500 items each

export no_proxy=127.0.0.1  # whatever proxy the machine has, the demo talks to itself

directory=$(mktemp -d)
server=
load=
cleanup() {
  trap - EXIT INT TERM
  local process
  for process in $load $server; do
    kill -KILL "$process" && wait "$process"
  done 2>/dev/null
  cd /
  rm -rf "$directory"
}
trap cleanup EXIT
trap 'cleanup; exit 130' INT
trap 'cleanup; exit 143' TERM
cd "$directory"

oasis() { "$program" "$@"; }  # not for `&`: that would leave a shell between us and the program
chapter() { printf '\n\033[1m%s\033[0m\n' "$*"; }
tell() { printf '%s\n' "$*"; }
run() {  # shows a command, runs it, indents what it says
  local line= word
  for word in "$@"; do [[ $word == *' '* ]] && line+=" '$word'" || line+=" $word"; done
  printf '\n  $%s\n' "$line"
  "$@" 2>&1 | sed 's/^/    /'
}

chapter "1. A catalogue and its scores"
tell "Oasis tells a music service how much promotion each track gets: a number that is added to the"
tell "track's ranking logit. Here are 200,000 invented tracks with 4 scores each, as a solver made them on"
tell "Monday, and again on Tuesday, when some campaigns had changed. Each day becomes a snapshot."
run oasis generate --tracks 200000 --out monday-scores
oasis generate --tracks 200000 --revision 1 --out tuesday-scores >/dev/null
run oasis snapshot build --scores monday-scores/scores.csv --campaigns monday-scores/campaigns.csv \
  --id monday --out monday
oasis snapshot build --scores tuesday-scores/scores.csv --campaigns tuesday-scores/campaigns.csv \
  --id tuesday --parent monday --out tuesday >/dev/null
tell
tell "  (Tuesday's in the same way.)"

chapter "2. A server takes Monday's snapshot"
"$program" serve --data-dir store --listen 127.0.0.1:0 --admin-listen 127.0.0.1:0 \
  --metrics-listen 127.0.0.1:0 --port-file ports.json >server.log 2>&1 &
server=$!
python3 "$helper" wait ports.json "$server" || { cat server.log >&2; exit 1; }
api=$(python3 "$helper" address ports.json listen)
admin=$(python3 "$helper" address ports.json admin)
metrics=$(python3 "$helper" address ports.json metrics)
tell "It answers at $api, takes orders at $admin and shows its metrics at $metrics."
python3 "$helper" scrape "$metrics" before.txt
run oasis snapshot load monday --server "$admin"

chapter "3. What a ranking service asks"
pick() { awk -F, -v OFS=, "$1"' { print $1; exit }' monday-scores/scores.csv; }
promoted=$(pick '$2 == "radio" && $3 == "SE" && $4 == "*" && $5 > 0.2 && $6 != ""')
plain=$(pick '$2 == "radio" && $3 == "*" && $4 == "*" && $5 < 0 && $6 == ""')
unknown=spotify:track:0000000000000000000000
tell "For a listener of radio in Sweden: a promoted track, one whose artist takes no part, one that has"
tell "no score, and a broken id."
run oasis scores get --server "$api" --surface radio --market SE \
  "$promoted" "$plain" "$unknown" spotify:track:broken
python3 "$helper" meaning "$(oasis scores get --json --server "$api" --surface radio --market SE "$promoted")"
tell "    A track without a score gets 0, which is neutral; a broken id costs that id, not the call."
tell
tell "Why does the first one have its score?"
run oasis scores explain --server "$api" --surface radio --market SE "$promoted"

chapter "4. Tuesday's snapshot, under load"
load_test() {  # load_test LONGEST-TIME FILE: in the background; SIGTERM ends it with its figures
  "$program" loadtest --server "$api" --ids monday-scores/tracks.csv --surface radio,autoplay,mix \
    --market SE,US,GB --rate "$rate" --warmup 1s --duration "$1" --allow-errors --json >"$2" &
  load=$!
}
tell "First 5 seconds of steady load for comparison: $rate calls a second, 500 tracks each…"
load_test 5s steady.json
wait "$load"
tell "…then the same again, and while it runs Tuesday's snapshot is loaded and swapped in."
load_test 120s swap.json
sleep 2  # a second of warm-up, a second of Monday
run oasis snapshot load tuesday --server "$admin"
sleep 1  # of Tuesday
kill -TERM "$load"
wait "$load"
load=
tell
python3 "$helper" compare steady.json swap.json

chapter "5. Back to Monday"
tell "Someone does not like Tuesday. Monday's snapshot is still in the store:"
run oasis snapshot rollback --server "$admin" --reason "the demo prefers Monday"
run oasis snapshot list --server "$admin"
run oasis journal --server "$admin"

chapter "6. Where scores come from"
tell "A solver shares promotion out: what campaigns, licensors and revenue are to get, against what listeners enjoy."
tell "Here is an invented problem, some of whose promises cannot be kept; the plan says what each is short of."
oasis generate problem --edges 30000 --out problem >/dev/null
run oasis allocate problem --score-set planned --id plan --out plan --report plan.html
run oasis snapshot load plan --server "$admin"
tell
tell "And why does a track have the score that the plan gave it?"
IFS=, read -r track surface market cohort _ < <(sed -n 2p problem/edges.csv)
run oasis scores explain --server "$api" --score-set planned --surface "$surface" --market "$market" \
  --cohort "$cohort" "$track"

chapter "7. What the operators saw"
tell "Metrics that moved since the start ($metrics/metrics):"
python3 "$helper" scrape "$metrics" after.txt
python3 "$helper" moved before.txt after.txt

chapter "8. Good night"
kill -TERM "$server"
status=0
wait "$server" || status=$?
server=
tell "SIGTERM: the server told its health checks, finished what was under way and left with status $status."
exit "$status"
