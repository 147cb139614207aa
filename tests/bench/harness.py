"""What the benchmarks share: a table of figures, programs run to their end, servers and their CPU."""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

TICKS = os.sysconf('SC_CLK_TCK')


class Report:
    """Figures, printed as rows of a table as they come and kept for the JSON."""

    def __init__(self):
        self.rows = []

    def section(self, title, text):
        print(f'\n## {title}\n\n{text}\n\n| figure | value | baseline | ratio | budget |\n|---|---|---|---|---|',
              flush=True)

    def add(self, name, value, unit, baseline=None, of='', budget=''):
        """`baseline` is another value of that unit, called `of`; the ratio is value / baseline."""
        ratio = value / baseline if baseline else None
        self.rows.append({'figure': name, 'value': value, 'unit': unit, 'baseline': baseline, 'of': of,
                          'ratio': ratio, 'budget': budget})
        beside = f'{number(baseline)} {of}' if baseline else ''
        print(f'| {name} | {number(value)} {unit} | {beside} | {f"{ratio:.2f}" if ratio else ""} | {budget} |',
              flush=True)


def number(value):
    if isinstance(value, int) or abs(value) >= 100:
        return f'{value:,.0f}'
    return f'{value:.2f}'


def run(*words):
    """Runs a command to its end: seconds, peak resident bytes, what it printed."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(words, stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            sys.exit(f'{" ".join(words)}: exit code {process.returncode}\n{errors.read().decode()}')
        return time.monotonic() - started, usage.ru_maxrss * 1024, output.read().decode()


CPUS = os.sched_getaffinity(0)
BATCH = 500  # items a call, unless others are compared
OUTSTANDING = '32'  # calls, in the closed loops: of loadtest on 4 connections, of others one on each of so many


def on_last_cpu():
    """For the clients, before they start: servers find the other CPUs free of them."""
    os.sched_setaffinity(0, {max(CPUS)})


def off_last_cpu():
    """For a server that is to have no CPU in common with the client, as if that were on another machine."""
    os.sched_setaffinity(0, CPUS - {max(CPUS)} or CPUS)


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Server:
    """A server process that is killed when its `with` block ends."""

    def __init__(self, *words, prepare=None):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(words, stdout=self.log, stderr=self.log, preexec_fn=prepare)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def fail_if_ended(self):
        if self.process.poll() is None:
            return
        self.log.seek(0)
        sys.exit(f'{self.process.args[0]} ended:\n{self.log.read().decode()}')

    def wait_for_port(self, port):
        while True:
            self.fail_if_ended()
            with socket.socket() as s:
                if s.connect_ex(('127.0.0.1', port)) == 0:
                    return
            time.sleep(0.01)

    def cpu_seconds(self):
        stat = pathlib.Path(f'/proc/{self.process.pid}/stat').read_text().rsplit(')', 1)[1].split()
        return (int(stat[11]) + int(stat[12])) / TICKS  # utime and stime (proc(5))

    def resident(self, peak=False):
        """Bytes of memory: now, or the most there ever were."""
        status = pathlib.Path(f'/proc/{self.process.pid}/status').read_text()
        return int(re.search(('VmHWM' if peak else 'VmRSS') + r':\s+(\d+)', status)[1]) * 1024


class Oasis(Server):
    """`oasis serve` on free ports, its store in `directory`."""

    def __init__(self, program, directory, *flags, prepare=None):
        ports = pathlib.Path(f'{directory}.ports')
        ports.unlink(missing_ok=True)
        super().__init__(program, 'serve', '--data-dir', directory, '--listen', '127.0.0.1:0', '--admin-listen',
                         '127.0.0.1:0', '--metrics-listen', '127.0.0.1:0', '--port-file', str(ports), *flags,
                         prepare=prepare)
        while not ports.exists():
            self.fail_if_ended()
            time.sleep(0.005)
        self.ports = json.loads(ports.read_text())
        self.program = program

    def address(self, name):
        return f'127.0.0.1:{self.ports[name]}'

    def load(self, snapshot, *words):
        return run(self.program, 'snapshot', 'load', os.path.abspath(snapshot), '--server', self.address('admin'),
                   *words)[0]

    def metric(self, pattern):
        """The sum of all series whose name and labels match."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f'http://{self.address("metrics")}/metrics', timeout=10) as answer:
            lines = [line for line in answer.read().decode().splitlines() if line and line[0] != '#']
        return sum(float(line.rsplit(' ', 1)[1]) for line in lines if re.search(pattern, line.rsplit(' ', 1)[0]))

    def start_load_test(self, loader, *words):
        """`loader` is the program that asks."""
        return subprocess.Popen(
            [loader, 'loadtest', '--server', self.address('listen'), '--ids', 'data/tracks.csv', '--surface',
             'radio,autoplay,mix', '--market', 'SE,US,GB', '--threads', '1', '--connections', '4', '--warmup', '0s',
             '--json', *words], stdout=subprocess.PIPE, preexec_fn=on_last_cpu)

    def load_test(self, loader, *words):
        test = self.start_load_test(loader, *words)
        output = test.communicate()[0]
        if test.returncode != 0:
            sys.exit(f'loadtest: exit code {test.returncode}')
        return json.loads(output)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
