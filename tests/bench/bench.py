#!/usr/bin/env python3
"""Measures Oasis beside its baselines, in one run on one machine, and prints tables of figures.

Servers and their clients share the machine's CPUs. The full run takes some ten minutes, 10 GB of disk in the
temporary directory (TMPDIR) and 12 GB of memory.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import resource
import tempfile

import sections
from cpu_share import taken
from harness import CPUS, Report, run


class Bench:
    def __init__(self, build, quick):
        self.build = os.path.realpath(build)
        self.oasis = f'{self.build}/oasis'
        self.report = Report()
        self.quick = quick
        self.tracks = 1_000_000 if quick else 10_000_000
        self.table_sizes = [1_000_000] if quick else [1_000_000, 10_000_000, 64_000_000]
        self.batches = [500] if quick else [1, 100, 500, 1000]
        self.seconds = 1 if quick else 3  # of each load test
        self.rounds = 3 if quick else 5
        self.overload_seconds = 10 if quick else 60


def read(path, pattern='(.*)'):
    file = pathlib.Path(path)
    found = re.search(pattern, file.read_text()) if file.exists() else None
    return found[1].strip() if found else 'unknown'


def machine(bench):
    memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30
    return {'program': run(bench.oasis, '--version')[2].strip(),
            'compiler': run(read(f'{bench.build}/CMakeCache.txt', r'CMAKE_CXX_COMPILER:\w+=(.*)'),
                            '--version')[2].splitlines()[0],
            'cpu': read('/proc/cpuinfo', r'model name\s*: (.*)') if platform.machine() == 'x86_64' else platform.machine(),
            'cpus': os.cpu_count(), 'memory_gib': round(memory),
            'huge_pages': read('/sys/kernel/mm/transparent_hugepage/enabled')}


def cpu_times():
    """Of all CPUs: the time stolen, and all time (proc(5))."""
    times = [int(word) for word in pathlib.Path('/proc/stat').read_text().splitlines()[0].split()[1:9]]
    return times[7], sum(times)


def stolen(before):
    now = cpu_times()
    return (now[0] - before[0]) / max(1, now[1] - before[1])


def tell_share(bench):
    """After each section, since it differs from minute to minute."""
    share, longest = taken(CPUS)
    bench.report.add('time of busy CPUs taken by the host, just after', share * 100, '%')
    bench.report.add('the longest such time', longest * 1000, 'ms')


def main():
    parser = argparse.ArgumentParser(prog='./run bench', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', default='build/bench', help=argparse.SUPPRESS)
    parser.add_argument('--quick', action='store_true', help='a million items and one batch size: under two minutes')
    parser.add_argument('--only', nargs='+', choices=sections.SECTIONS, default=list(sections.SECTIONS))
    parser.add_argument('--json', metavar='FILE', default='build/bench/results.json',
                        help='write the figures to this file, too (%(default)s)')
    arguments = parser.parse_args()
    out = os.path.realpath(arguments.json)
    bench = Bench(arguments.build, arguments.quick)
    on = machine(bench)
    print(f'{on["program"]}, {on["compiler"]}, {on["cpus"]} CPUs of {on["cpu"]}, {on["memory_gib"]} GiB, '
          f'huge pages {on["huge_pages"]}')
    before = cpu_times()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        try:
            if set(arguments.only) - {'table', 'allocation'}:
                sections.data(bench)
            for name in sections.SECTIONS:
                if name in arguments.only:
                    sections.SECTIONS[name](bench)
                    tell_share(bench)
        finally:
            os.chdir('/')
    on['stolen'] = f'{stolen(before):.0%}'
    print(f'\nOf the CPU time of this run {on["stolen"]} went to other machines of the same host, by its own count.')
    pathlib.Path(out).write_text(json.dumps({'machine': on, 'figures': bench.report.rows}, indent=2) + '\n')


if __name__ == '__main__':
    main()
