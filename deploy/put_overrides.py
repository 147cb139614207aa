#!/usr/bin/env python3
"""Puts overrides on a server as another one listed them: for a new server, or from a backup.

    oasis override list --json --server OLD | deploy/put_overrides.py NEW [PATH/TO/oasis]

They keep their ids, so to do it twice changes nothing. Those that have ended meanwhile are left out. The author becomes you; who
put it first is in the reason. One that is refused keeps none of the others from being put: they are listed at the end, and the exit
code is 1.
"""
import datetime
import json
import subprocess
import sys

MAX_REASON_BYTES = 1024  # kMaxReasonBytes


def reason_of(override):
    """With who put it first, cut to what a server takes."""
    reason = override['reason']
    if '(first put by ' in reason:
        return reason
    first = f' (first put by {override["author"]})'.encode()
    return reason.encode()[:max(0, MAX_REASON_BYTES - len(first))].decode(errors='ignore') + first[:MAX_REASON_BYTES].decode(errors='ignore')


def words(override):
    """One as the arguments of `oasis override put`."""
    score = [] if override['action'] == 'suppress' else [str(override['score'])]
    yield from (f'--{override["action"]}', *score)
    for flag, key in (('--item', 'item_uri'), ('--campaign', 'campaign'), ('--licensor', 'licensor'),
                      ('--score-set', 'score_set'), ('--surface', 'surface'), ('--market', 'market'), ('--signal', 'signal')):
        if override[key]:
            yield f'{flag}={override[key]}'
    yield from (f'--id={override["id"]}', f'--until={override["expires"]}', f'--reason={reason_of(override)}')


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    server, program = sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else 'oasis'
    now = datetime.datetime.now(datetime.timezone.utc)
    refused = []
    for override in json.load(sys.stdin)['overrides']:
        if datetime.datetime.fromisoformat(override['expires']) <= now:
            continue
        if subprocess.run([program, 'override', 'put', '--server', server, *words(override)], check=False).returncode != 0:
            refused.append(override['id'])
    if refused:
        print(f'put_overrides: {len(refused)} were not put, for the reasons above: {" ".join(refused)}', file=sys.stderr)
    return 1 if refused else 0


if __name__ == '__main__':
    sys.exit(main())
