#!/usr/bin/env python3
"""Holds the instructions that a key costs against what they were, by callgrind: the same on a busy machine."""
import os
import re
import subprocess
import sys

# Instructions a key, with Debian 12's compiler at -O2. Who makes it cheaper writes the new figure here.
EXPECTED = {'avx2': 72, 'portable': 187, 'gids': 98, 'uris': 262}
TOLERANCE = 0.05


def count(program, what):
    """Instructions a key, or None where this machine cannot run it."""
    words = ['valgrind', '--tool=callgrind', '--toggle-collect=CountedCall', '--callgrind-out-file=/dev/null', program, what]
    run = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    collected = re.search(r'Collected : (\d+)', run.stderr)
    if run.returncode != 0 or not collected:
        sys.exit(f'{" ".join(words)}: exit code {run.returncode}\n{run.stderr}')
    if run.stdout == 'not here\n':
        return None
    keys = re.fullmatch(r'keys (\d+)\n', run.stdout)
    if not keys:
        sys.exit(f'{" ".join(words)}: printed {run.stdout!r}')
    return int(collected[1]) / int(keys[1])


def main():
    program = sys.argv[1]
    if not os.path.exists(program):
        sys.exit(f'{program}: is not there')
    failed = False
    counts = {what: count(program, what) for what in EXPECTED}
    if counts['avx2'] is None:  # calls are counted with the fastest kernel, and that is another one here
        counts['gids'] = counts['uris'] = None
    for what, expected in EXPECTED.items():
        found = counts[what]
        if found is None:
            print(f'{what}: not on this machine')
            continue
        verdict = 'ok'
        if found > expected * (1 + TOLERANCE):
            failed, verdict = True, f'is more than {TOLERANCE:.0%} above it'
        elif found < expected * (1 - TOLERANCE):
            verdict = 'is less: lower the figure in tests/bench/instructions.py'
        print(f'{what}: {found:.1f} instructions a key, {expected} expected: {verdict}')
    sys.exit(failed)


if __name__ == '__main__':
    main()
