#!/usr/bin/env python3
"""The whole way at scale: generate, build, verify, load, serve, swap, restart. Prints a table of figures.

    tests/bench/scale_bench.py PATH/TO/oasis [--tracks 10000000] [--contexts 4] [--seconds 10] [--json FILE]

Server and load test share the machine's CPUs. Needs about 150 bytes of disk a row in the temporary
directory (TMPDIR), and removes it again.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request


class Bench:
    def __init__(self, program, arguments):
        self.program = os.path.realpath(program)
        self.arguments = arguments
        self.figures = {}
        self.server = None

    def note(self, name, value, unit):
        self.figures[name] = {'value': value, 'unit': unit}
        shown = f'{value:,.0f}' if isinstance(value, int) or abs(value) >= 100 else f'{value:,.2f}'
        print(f'| {name} | {shown} {unit} |', flush=True)

    def run(self, *words):
        """Runs a command to its end: seconds, peak resident bytes, what it printed."""
        started = time.monotonic()
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen([self.program, *words], stdout=output, stderr=subprocess.PIPE)
            errors = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                sys.exit(f'{" ".join(words)}: exit code {process.returncode}\n{errors.decode()}')
            output.seek(0)
            return time.monotonic() - started, usage.ru_maxrss * 1024, output.read().decode()

    def start_server(self):
        """Starts it; returns when the ports are open."""
        pathlib.Path('ports.json').unlink(missing_ok=True)
        self.server = subprocess.Popen(
            [self.program, 'serve', '--data-dir', 'store', '--listen', '127.0.0.1:0', '--admin-listen',
             '127.0.0.1:0', '--metrics-listen', '127.0.0.1:0', '--port-file', 'ports.json'],
            stdout=subprocess.DEVNULL, stderr=open('server.log', 'ab'))
        while not os.path.exists('ports.json'):
            if self.server.poll() is not None:
                sys.exit('the server ended:\n' + pathlib.Path('server.log').read_text())
            time.sleep(0.01)
        ports = json.loads(pathlib.Path('ports.json').read_text())
        self.api, self.admin, self.http = (f'127.0.0.1:{ports[name]}' for name in ('listen', 'admin', 'metrics'))

    def stop_server(self):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(60)

    def metrics(self):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f'http://{self.http}/metrics', timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return dict((name, float(value)) for name, value in
                    (line.rsplit(' ', 1) for line in lines if line and line[0] != '#'))

    def metric(self, pattern):
        return sum(value for name, value in self.metrics().items() if re.search(pattern, name))

    def peak_resident(self):
        status = pathlib.Path(f'/proc/{self.server.pid}/status').read_text()
        return int(re.search(r'VmHWM:\s+(\d+)', status)[1]) * 1024

    def load(self, snapshot):
        return self.run('snapshot', 'load', snapshot, '--server', self.admin)[0]

    def start_load_test(self, *words):
        return subprocess.Popen(
            [self.program, 'loadtest', '--server', self.api, '--ids', 'data/tracks.csv', '--surface',
             'radio,autoplay,mix', '--market', 'SE,US,GB', '--batch', '500', '--json', *words],
            stdout=subprocess.PIPE)

    def load_test(self, *words):
        test = self.start_load_test(*words)
        output = test.communicate()[0]
        if test.returncode != 0:
            sys.exit(f'loadtest: exit code {test.returncode}')
        return json.loads(output)

    def measure(self):
        tracks, rows = self.arguments.tracks, self.arguments.tracks * self.arguments.contexts
        seconds, _, _ = self.run('generate', '--tracks', str(tracks), '--contexts-per-track',
                                 str(self.arguments.contexts), '--out', 'data')
        self.note('generate the score file', seconds, 's')
        self.note('score file', os.path.getsize('data/scores.csv') / 1e9, 'GB')

        for name in ('one', 'two'):
            seconds, peak, _ = self.run('snapshot', 'build', '--scores', 'data/scores.csv', '--campaigns',
                                        'data/campaigns.csv', '--id', name, '--out', name)
            if name == 'one':
                self.note('`snapshot build`', seconds, 's')
                self.note('`snapshot build`, rows a second', rows / seconds, 'rows/s')
                self.note('`snapshot build`, peak memory', peak / 1e9, 'GB')
        os.remove('data/scores.csv')
        disk = sum(path.stat().st_size for path in pathlib.Path('one').iterdir())
        self.note('snapshot on disk', disk / tracks, 'bytes/item')
        self.note('`snapshot verify`', self.run('snapshot', 'verify', 'one')[0], 's')

        self.start_server()
        seconds = self.load('one')
        self.note('`snapshot load`, from the directory to serving', seconds, 's')
        self.note('`snapshot load`, items a second', tracks / seconds, 'items/s')
        for phase in ('verify', 'ingest', 'build', 'warm', 'publish', 'retire'):
            self.note(f'of it {phase}', self.metric(f'load_phase_seconds.*phase="{phase}"'), 's')
        self.note('table in memory', self.metric('table_resident_bytes') / tracks, 'bytes/item')
        peak_of_one = self.peak_resident()
        self.note('server, peak memory with one table', peak_of_one / 1e9, 'GB')

        best = {}
        for mode in ('gid', 'uri'):
            cpu = self.metric('process_cpu_seconds_total')
            test = self.load_test('--mode', mode, '--duration', f'{self.arguments.seconds}s', '--warmup', '1s')
            cpu = self.metric('process_cpu_seconds_total') - cpu
            share = test['seconds'] / (test['seconds'] + 1)  # the warm-up costs CPU too
            best[mode] = test['calls_per_second']
            self.note(f'500 {mode}s a call, closed loop: calls', test['calls_per_second'], 'calls/s')
            self.note(f'500 {mode}s a call, closed loop: items', test['items_per_second'], 'items/s')
            self.note(f'500 {mode}s a call, closed loop: p50', test['latency_us']['p50'], 'us')
            self.note(f'500 {mode}s a call, closed loop: p99', test['latency_us']['p99'], 'us')
            self.note(f'500 {mode}s a call: CPU of the server', cpu * share / test['calls'] * 1e6, 'us/call')

        rate = ['--rate', str(int(best['gid'] / 2)), '--warmup', '1s']
        steady = self.load_test(*rate, '--duration', f'{self.arguments.seconds}s')
        swapping = self.start_load_test(*rate, '--duration', '600s')
        time.sleep(3)
        self.note('the next snapshot under half load, to serving', self.load('two'), 's')
        time.sleep(1)
        swapping.send_signal(signal.SIGTERM)
        swap = json.loads(swapping.communicate()[0])
        for name, test in (('steady', steady), ('load, swap, free', swap)):
            self.note(f'half load, {name}: p50', test['latency_us']['p50'], 'us')
            self.note(f'half load, {name}: p99', test['latency_us']['p99'], 'us')
            self.note(f'half load, {name}: p99.9', test['latency_us']['p99.9'], 'us')
            self.note(f'half load, {name}: failed calls', test['failed'], f'of {test["calls"]:,}')
        self.note('server, peak memory in the swap', self.peak_resident() / 1e9, 'GB')

        self.stop_server()
        started = time.monotonic()
        self.start_server()
        while self.metric('^oasis_serving') != 1:
            time.sleep(0.02)
        seconds = time.monotonic() - started
        self.note('restart to serving', seconds, 's')
        self.note('restart to serving, items a second', tracks / seconds, 'items/s')
        self.stop_server()


def cpu_model():
    found = re.search(r'model name\s*: (.*)', pathlib.Path('/proc/cpuinfo').read_text())
    return found[1] if found else platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program')
    parser.add_argument('--tracks', type=int, default=10_000_000)
    parser.add_argument('--contexts', type=int, default=4, help='rows a track')
    parser.add_argument('--seconds', type=int, default=10, help='of each load test')
    parser.add_argument('--json', help='write the figures to this file too')
    arguments = parser.parse_args()
    out = arguments.json and os.path.realpath(arguments.json)
    bench = Bench(arguments.program, arguments)
    version = bench.run('--version')[2].strip()
    memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30
    huge_pages = pathlib.Path('/sys/kernel/mm/transparent_hugepage/enabled')
    machine = {'program': version, 'cpu': cpu_model(), 'cpus': os.cpu_count(), 'memory_gib': round(memory),
               'huge_pages': huge_pages.read_text().strip() if huge_pages.exists() else 'none'}
    print(f'{version}, {machine["cpus"]} CPUs of {machine["cpu"]}, {machine["memory_gib"]} GiB, '
          f'huge pages {machine["huge_pages"]}; {arguments.tracks:,} tracks of {arguments.contexts} contexts\n')
    print('| what | figure |\n|---|---|')
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        try:
            bench.measure()
        finally:
            if bench.server and bench.server.poll() is None:
                bench.server.kill()
            os.chdir('/')
    if out:
        pathlib.Path(out).write_text(json.dumps({'machine': machine, 'figures': bench.figures}, indent=2) + '\n')


if __name__ == '__main__':
    main()
