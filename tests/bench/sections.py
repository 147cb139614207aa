"""The sections of the benchmark. Each measures a thing beside its baselines, in one run on one machine."""
import contextlib
import functools
import itertools
import json
import os
import pathlib
import signal
import subprocess
import time

from allocation import allocation
from answered import Answered
from harness import BATCH, OUTSTANDING, Oasis, Server, free_port, off_last_cpu, on_last_cpu, run
from overload import overload
from tls import tls


def table(bench):
    """Lookups alone, in one process with their baselines (table_bench.cc)."""
    bench.report.section('Table', 'Nanoseconds a key, batches of 500 random keys just made, in turn with the gather; one '
                         'thread but where two are named, which share the machine.')
    words = {'TableHit4': '4 contexts an item, all hits', 'TableHalf4': '4 contexts an item, half misses',
             'Hit4By_portable': '4 contexts an item, all hits, portable instructions',
             'TableHit1': '1 context an item, all hits',
             'TableOverrides': '4 contexts an item, 10,000 items suppressed',
             'TableCampaigns': '4 contexts an item, of 100,000 campaigns a seventh is over',
             'TableRules': '4 contexts an item, both', 'FlatHashMap': '(absl::flat_hash_map)',
             'RocksDbMultiGet': '(RocksDB MultiGet)'}
    sizes = '|'.join(str(size) for size in bench.table_sizes)
    output = run(f'{bench.build}/bench/table_bench', '--benchmark_format=json', '--benchmark_min_time=1',
                 f'--benchmark_filter=/({sizes})/')[2]
    for result in json.loads(output)['benchmarks']:
        name, size = result['name'].split('/')[:2]
        threads = result['threads']
        bench.report.add(f'{int(size):,} items, {words[name]}' + (f', {threads} threads' if threads > 1 else ''),
                         result['real_time'] * threads / BATCH, 'ns', result['gather_ns'], 'gather',
                         '<= 2.0' if name.startswith('TableH') else '')


def data(bench):
    """The files and snapshots that the other sections use."""
    tracks, rows = bench.tracks, 4 * bench.tracks
    bench.report.section('Build', f'{tracks:,} tracks of 4 contexts: from a score file to a snapshot.')
    run(bench.oasis, 'generate', '--tracks', str(tracks), '--out', 'data')
    bench.report.add('score file', os.path.getsize('data/scores.csv') / 1e9, 'GB')
    for name in ('one', 'two'):
        seconds, peak, _ = run(bench.oasis, 'snapshot', 'build', '--scores', 'data/scores.csv', '--campaigns',
                               'data/campaigns.csv', '--id', name, '--out', name)
        if name == 'one':
            bench.report.add('`snapshot build`', rows / seconds, 'rows/s')
            bench.report.add('`snapshot build`, peak memory', peak / 1e9, 'GB')
    os.remove('data/scores.csv')
    disk = sum(path.stat().st_size for path in pathlib.Path('one').iterdir())
    bench.report.add('snapshot on disk', disk / tracks, 'bytes/item')
    seconds = run(bench.oasis, 'snapshot', 'verify', 'one')[0]
    bench.report.add('`snapshot verify`', tracks / seconds, 'items/s')


def server(bench):
    """Calls of the server beside one whose handler looks nothing up (null_get_handler.cc), redis and memcached."""
    with contextlib.ExitStack() as stack:
        ask = {}
        for name, program in (('null', f'{bench.build}/bench/oasis_null'), ('oasis', bench.oasis),
                              ('overrides', bench.oasis)):
            running = stack.enter_context(Oasis(program, f'store-{name}', '--threads', '1', prepare=off_last_cpu))
            running.load('one')
            if name == 'overrides':
                suppress_some(bench, running)
            for batch in [BATCH] if name == 'overrides' else bench.batches:
                for mode in ('gid', 'uri'):
                    ask[name, batch, mode] = running, functools.partial(
                        running.load_test, bench.oasis, '--batch', str(batch), '--mode', mode, '--duration',
                        f'{bench.seconds}s')
        for name in ('redis', 'memcached'):
            ask[name, BATCH, 'uri'] = start_peer(stack, bench, name)
        answered = {key: Answered() for key in ask}
        for _ in range(bench.rounds):  # in turn, so that what else the machine does meets all alike
            for key, (running, load_test) in ask.items():
                outstanding = [] if key[0] in ('redis', 'memcached') else ['--concurrency', OUTSTANDING]
                answered[key].measure(running, functools.partial(load_test, *outstanding))
        report_calls(bench, answered)
        report_peers(bench, answered)
        report_half_load(bench, ask, answered)


def suppress_some(bench, running):
    """Overrides of 10,000 items, spread over the catalogue."""
    step = max(1, bench.tracks // 10_000)
    with open('data/tracks.csv') as tracks, open('data/suppressed.csv', 'w') as suppressed:
        suppressed.writelines(itertools.islice(itertools.islice(tracks, 1, None, step), 10_000))
    run(bench.oasis, 'override', 'put', '--suppress', '--items', 'data/suppressed.csv', '--for', '24h', '--reason',
        'a benchmark', '--server', running.address('admin'))


def report_half_load(bench, ask, answered):
    bench.report.section('Latency at half load', 'Open loop at half of the calls a second above, medians of '
                         f'{bench.rounds} rounds in turn.')
    half = {key: Answered() for key in ask if key[0] == 'oasis'}
    for _ in range(bench.rounds):
        for key, tests in half.items():
            running, load_test = ask[key]
            rate = str(int(answered[key].median('calls_per_second') / 2))
            tests.measure(running, functools.partial(load_test, '--rate', rate))
    for (_, batch, mode), tests in half.items():
        for percentile in ('p50', 'p99', 'p99.9'):
            bench.report.add(f'{batch} {mode}s a call: {percentile}', tests.median('latency_us', percentile), 'us')


def start_peer(stack, bench, name):
    port = free_port()
    words = {'redis': ['redis-server', '--port', str(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
             'memcached': ['memcached', '-p', str(port), '-l', '127.0.0.1', '-U', '0', '-t', '1', '-m', '4096', '-u',
                           'nobody']}[name]
    peer = stack.enter_context(Server(*words, prepare=off_last_cpu))
    peer.wait_for_port(port)
    client = subprocess.Popen([f'{bench.build}/bench/kv_client', name, str(port), 'data/tracks.csv', str(BATCH),
                               OUTSTANDING, str(bench.seconds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              preexec_fn=on_last_cpu)
    stack.callback(client.kill)
    if client.stdout.readline() != 'filled\n':
        raise SystemExit(f'kv_client could not fill {name}')

    def load_test():
        client.stdin.write('go\n')
        client.stdin.flush()
        return json.loads(client.stdout.readline())
    return peer, load_test


def report_calls(bench, answered):
    bench.report.section('Server', f'One serving thread on the CPUs but the last, the client on that one, closed loop, {OUTSTANDING} calls '
                         f'outstanding, {bench.rounds} rounds in turn. CPU is what the '
                         "kernel says of the server's process; the baseline is the same server with a handler that "
                         'looks nothing up.')
    budgets = {('gid', BATCH): '<= 2.0', ('uri', BATCH): '<= 2.5'}
    for (name, batch, mode), calls in answered.items():
        if name not in ('oasis', 'overrides'):
            continue
        cpu = calls.cpu_a_call()
        if name == 'overrides':
            bench.report.add(f'{batch} {mode}s a call, 10,000 items suppressed: CPU', cpu, 'us',
                             answered['null', batch, mode].cpu_a_call(), 'null', budgets[mode, batch])
            continue
        bench.report.add(f'{batch} {mode}s a call: CPU', cpu, 'us', answered['null', batch, mode].cpu_a_call(), 'null',
                         budgets.get((mode, batch), ''))
        bench.report.add(f'{batch} {mode}s a call: throughput', calls.median('calls_per_second'), 'calls/s')
        bench.report.add(f'{batch} {mode}s a call: keys', batch / cpu, 'M keys/CPU-s')
        for percentile in ('p50', 'p99', 'p99.9'):
            bench.report.add(f'{batch} {mode}s a call: {percentile} at saturation',
                             calls.median('latency_us', percentile), 'us')


def report_peers(bench, answered):
    bench.report.section('Peers', 'Keys answered a second of server CPU, batches of 500, beside redis MGET and memcached '
                         'multi-get of the same URIs (kv_client.cc), in the same rounds.')
    for mode, budget in (('uri', '>= 10'), ('gid', '>= 15')):
        for name in ('redis', 'memcached'):
            bench.report.add(f'{mode}s', BATCH / answered['oasis', BATCH, mode].cpu_a_call(), 'M keys/CPU-s',
                             BATCH / answered[name, BATCH, 'uri'].cpu_a_call(), name, budget)


def start(bench):
    """A first load, and a restart, on all CPUs."""
    bench.report.section('Start', 'From a snapshot directory to answers, on all CPUs; then a restart.')
    with Oasis(bench.oasis, 'store', '--threads', '1') as running:
        seconds = running.load('one')
        phases = {phase: running.metric(f'load_phase_seconds.*phase="{phase}"')
                  for phase in ('verify', 'ingest', 'build', 'warm', 'check', 'publish', 'retire')}
        bench.report.add('`snapshot load`, the command without its retire phase: directory to serving',
                         bench.tracks / (seconds - phases['retire']), 'items/s', budget='>= 5M')
        for phase, seconds in phases.items():
            bench.report.add(f'of it {phase}' if phase != 'retire' else 'and retire, after it', seconds, 's')
        bench.report.add('table in memory', running.metric('table_resident_bytes') / bench.tracks, 'bytes/item', 32.0,
                         '16 + 4 x 4', '<= 1.4')
        running.stop()
    started = time.monotonic()
    with Oasis(bench.oasis, 'store', '--threads', '1') as running:
        while running.metric('^oasis_serving') != 1:
            time.sleep(0.02)
        bench.report.add('restart to serving', bench.tracks / (time.monotonic() - started), 'items/s', budget='>= 5M')
        running.stop()


def swap(bench):
    """Loads and swaps under half load."""
    bench.report.section('Swap', 'The next snapshots under half of the load that one serving thread can take, in turn with '
                         f'as long without a load, {bench.rounds} rounds: percentiles are the median of those of the '
                         'rounds. The server has all CPUs but the last, the client that one.')
    # It keeps one snapshot only, so that each load is of files it does not have.
    with Oasis(bench.oasis, 'swap_store', '--threads', '1', '--keep', '1', prepare=off_last_cpu) as running:
        empty = running.resident()
        running.load('one')
        old = running.resident()
        rate = str(int(running.load_test(bench.oasis, '--batch', str(BATCH), '--duration', '2s')['calls_per_second'] / 2))
        steady, swapping = Answered(), Answered()
        for round in range(bench.rounds):
            seconds = load_under_load(bench, running, rate, ('two', 'one')[round % 2], swapping)
            steady.measure(running, lambda: running.load_test(
                bench.oasis, '--batch', str(BATCH), '--rate', rate, '--duration', f'{seconds + 1:.1f}s'))
        for percentile, budget in (('p50', ''), ('p99', '<= 1.2'), ('p99.9', ''), ('max', '')):
            bench.report.add(f'half load, {percentile} in load, swap and free', swapping.median('latency_us', percentile),
                             'us', steady.median('latency_us', percentile), 'steady', budget)
        failed = sum(test['failed'] for test in swapping.tests)
        bench.report.add(f'failed calls of {swapping.calls:,}', failed, '', budget='0')
        bench.report.add('peak memory in the swaps', running.resident(peak=True) / 1e9, 'GB',
                         (old + old - empty) / 1e9, 'old + new', '<= 1.05')
        bench.report.add('memory after them', running.resident() / 1e9, 'GB', old / 1e9, 'before')
        running.stop()


def load_under_load(bench, running, rate, snapshot, answered):
    """Loads a snapshot, which it takes from the store if it is kept there. Gives the seconds it took."""
    def load_test():
        before = running.metric('^oasis_requests_total')
        test = running.start_load_test(bench.oasis, '--batch', str(BATCH), '--rate', rate, '--duration', '600s')
        while running.metric('^oasis_requests_total') == before:  # it prepares its requests first
            time.sleep(0.02)
        time.sleep(0.5)
        # Every second one is older than what is live.
        load_test.seconds = running.load(snapshot, '--force', '--reason', 'a benchmark')
        time.sleep(0.5)
        test.send_signal(signal.SIGTERM)
        return json.loads(test.communicate()[0])
    answered.measure(running, load_test)
    return load_test.seconds


SECTIONS = {'table': table, 'server': server, 'start': start, 'swap': swap, 'overload': overload, 'tls': tls,
            'allocation': allocation}
