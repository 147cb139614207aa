#!/usr/bin/env python3
"""Checks what deploy/ has against the real program: rules, dashboards, manifests, a rolling update, backups, a proxy,
the status page in a browser.

    tests/deploy/check.py PATH/TO/oasis [PART…]     PART: rules live manifests rollout backup proxy page; all of them unless named

Several parts run beside each other: most of their time is waiting. It wants the python and the PATH that `./run check deploy`
gives it.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PARTS = ('rules', 'live', 'manifests', 'rollout', 'backup', 'proxy', 'page')


def check(part):
    suite = unittest.defaultTestLoader.loadTestsFromName(part)
    return unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful()


def check_all(program, parts):
    running = {}
    for part in parts:
        output = tempfile.TemporaryFile()
        running[part] = subprocess.Popen([sys.executable, '-B', __file__, program, part], stdout=output, stderr=output), output
    good = True
    for part, (process, output) in running.items():
        good &= process.wait() == 0
        output.seek(0)
        print(f'\n-- {part}\n{output.read().decode()}', flush=True)
    return good


def main():
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(PARTS):
        print(__doc__, file=sys.stderr)
        return 2
    program, parts = str(pathlib.Path(sys.argv[1]).resolve(strict=True)), sys.argv[2:] or PARTS
    os.environ['OASIS_PROGRAM'] = program
    os.environ['no_proxy'] = '127.0.0.1,localhost'  # gRPC would ask a proxy even here
    return not (check(parts[0]) if len(parts) == 1 else check_all(program, parts))


if __name__ == '__main__':
    sys.exit(main())
