#!/usr/bin/env python3
"""Puts overrides on a server as another one listed them: for a new server, or from a backup.

    oasis override list --json --server OLD | deploy/put_overrides.py NEW [PATH/TO/oasis]

They keep their ids, so to do it twice changes nothing. Those that have ended meanwhile are left out. The author becomes you; who
put it first is in the reason.
"""
import datetime
import json
import subprocess
import sys


def words(override):
    """One as the arguments of `oasis override put`."""
    score = [] if override['action'] == 'suppress' else [str(override['score'])]
    yield from (f'--{override["action"]}', *score)
    for flag, key in (('--item', 'item_uri'), ('--campaign', 'campaign'), ('--licensor', 'licensor'),
                      ('--score-set', 'score_set'), ('--surface', 'surface'), ('--market', 'market'), ('--signal', 'signal')):
        if override[key]:
            yield f'{flag}={override[key]}'
    first = f' (first put by {override["author"]})'
    reason = override['reason'] if '(first put by ' in override['reason'] else override['reason'] + first
    yield from (f'--id={override["id"]}', f'--until={override["expires"]}', f'--reason={reason}')


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    server, program = sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else 'oasis'
    now = datetime.datetime.now(datetime.timezone.utc)
    for override in json.load(sys.stdin)['overrides']:
        if datetime.datetime.fromisoformat(override['expires']) > now:
            subprocess.run([program, 'override', 'put', '--server', server, *words(override)], check=True)


if __name__ == '__main__':
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f'put_overrides: stopped at: {" ".join(error.cmd)}')
