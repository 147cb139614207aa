"""The sections of the benchmark. Each measures a thing beside its baselines, in one run on one machine."""
import json
import os
import pathlib
import signal
import subprocess
import time

from harness import Oasis, Server, free_port, run

BATCH = 500


def table(bench):
    """Lookups alone, in one process with their baselines (table_bench.cc)."""
    bench.report.section('Table', 'Nanoseconds a key, batches of 500 random keys, one thread.')
    sizes = [f'{size}' for size in bench.table_sizes]
    output = run(f'{bench.build}/bench/table_bench', '--benchmark_format=json',
                 f'--benchmark_filter=/({"|".join(sizes)})$')[2]
    ns = {result['name']: result['real_time'] / BATCH for result in json.loads(output)['benchmarks']}
    names = {'TableHit4': '4 contexts an item, all hits', 'TableHalf4': '4 contexts an item, half misses',
             'TableHit1': '1 context an item, all hits', 'FlatHashMap': '(absl::flat_hash_map)',
             'RocksDbMultiGet': '(RocksDB MultiGet)'}
    for size in sizes:
        for name, words in names.items():
            if f'{name}/{size}' not in ns:
                continue
            budget = '<= 2.0' if name.startswith('Table') else ''
            bench.report.add(f'{int(size):,} items, {words}', ns[f'{name}/{size}'], 'ns', ns[f'Gather/{size}'],
                             'gather', budget)


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


def cpu_a_call(server, bench, batch, mode, seconds):
    """Microseconds of the server's CPU a call, and what the load test said, closed loop."""
    words = ('--batch', str(batch), '--mode', mode)
    server.load_test(bench.oasis, *words, '--duration', '1s')  # warm
    cpu = server.cpu_seconds()
    test = server.load_test(bench.oasis, *words, '--duration', f'{seconds}s')
    return (server.cpu_seconds() - cpu) / test['calls'] * 1e6, test


def server(bench):
    """A call of the server beside one whose handler looks nothing up (null_get_handler.cc)."""
    bench.report.section('Server', 'One serving thread, the client on the other CPU. CPU is what the kernel says of '
                         "the server's process; the baseline is the same server with a handler that looks nothing up.")
    figures = {}
    for name, program in (('null', f'{bench.build}/bench/oasis_null'), ('oasis', bench.oasis)):
        with Oasis(program, 'store', '--threads', '1') as running:
            if name == 'null':
                running.load('one')
            while running.metric('^oasis_serving') != 1:
                time.sleep(0.02)
            for batch in bench.batches:
                for mode in ('gid', 'uri'):
                    figures[name, batch, mode] = cpu_a_call(running, bench, batch, mode, bench.seconds)
            running.stop()
    budgets = {('gid', BATCH): '<= 2.0', ('uri', BATCH): '<= 2.5'}
    for batch in bench.batches:
        for mode in ('gid', 'uri'):
            cpu, test = figures['oasis', batch, mode]
            bench.report.add(f'{batch} {mode}s a call: CPU', cpu, 'us', figures['null', batch, mode][0], 'null',
                             budgets.get((mode, batch), ''))
            bench.report.add(f'{batch} {mode}s a call: throughput', test['calls_per_second'], 'calls/s')
            bench.report.add(f'{batch} {mode}s a call: p50 at saturation', test['latency_us']['p50'], 'us')
            bench.report.add(f'{batch} {mode}s a call: p99 at saturation', test['latency_us']['p99'], 'us')
    bench.keys_a_cpu_second = {mode: BATCH / figures['oasis', BATCH, mode][0] * 1e6 for mode in ('gid', 'uri')}


def peers(bench):
    """redis and memcached with the same URIs as keys and four-byte values, one thread each."""
    bench.report.section('Peers', 'Keys answered a second of server CPU, batches of 500, beside redis MGET and memcached '
                         'multi-get of the same URIs (kv_client.cc).')
    of = {}
    for name in ('redis', 'memcached'):
        port = free_port()
        words = {'redis': ['redis-server', '--port', str(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
                 'memcached': ['memcached', '-p', str(port), '-l', '127.0.0.1', '-U', '0', '-t', '1', '-m', '4096', '-u',
                               'nobody']}[name]
        with Server(*words) as peer:
            peer.wait_for_port(port)
            client = subprocess.Popen([f'{bench.build}/bench/kv_client', name, str(port), 'data/tracks.csv', str(BATCH),
                                       '4', str(bench.seconds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            if client.stdout.readline() != 'filled\n':
                raise SystemExit(f'kv_client could not fill {name}')
            cpu = peer.cpu_seconds()
            calls = json.loads(client.communicate('go\n')[0])['calls']
            of[name] = calls * BATCH / (peer.cpu_seconds() - cpu)
    for mode, budget in (('uri', '>= 10'), ('gid', '>= 15')):
        for name, keys in of.items():
            bench.report.add(f'{mode}s', bench.keys_a_cpu_second[mode], 'keys/CPU-s', keys, name, budget)


def swap(bench):
    """Loads, a swap under half load, a restart."""
    tracks = bench.tracks
    bench.report.section('Start and swap', 'From a snapshot directory to answers; then the next snapshot under half of the '
                         'load that one serving thread can take, against the same load without it; then a restart.')
    with Oasis(bench.oasis, 'store2', '--threads', '1') as running:
        bench.report.add('`snapshot load`, directory to serving', tracks / running.load('one'), 'items/s', budget='>= 5M')
        for phase in ('verify', 'ingest', 'build', 'warm', 'publish', 'retire'):
            bench.report.add(f'of it {phase}', running.metric(f'load_phase_seconds.*phase="{phase}"'), 's')
        table_bytes = running.metric('table_resident_bytes') / tracks
        bench.report.add('table in memory', table_bytes, 'bytes/item', 32.0, '16 + 4 x 4', '<= 1.4')
        alone = running.peak_resident()
        rate = ['--batch', str(BATCH), '--rate', str(int(running.load_test(
            bench.oasis, '--batch', str(BATCH), '--duration', '2s')['calls_per_second'] / 2))]
        steady = running.load_test(bench.oasis, *rate, '--duration', f'{3 * bench.seconds}s')
        test = running.start_load_test(bench.oasis, *rate, '--duration', '600s')
        time.sleep(1)
        bench.report.add('the next one under half load', tracks / running.load('two'), 'items/s')
        time.sleep(1)
        test.send_signal(signal.SIGTERM)
        swapping = json.loads(test.communicate()[0])
        for percentile, budget in (('p50', ''), ('p99', '<= 1.2'), ('p99.9', ''), ('max', '')):
            bench.report.add(f'half load, {percentile} in load, swap and free', swapping['latency_us'][percentile], 'us',
                             steady['latency_us'][percentile], 'steady', budget)
        bench.report.add(f'failed calls of {swapping["calls"]:,}', swapping['failed'], '', budget='0')
        bench.report.add('peak memory in the swap', running.peak_resident() / 1e9, 'GB',
                         (alone + table_bytes * tracks) / 1e9, 'old + new', '<= 1.05')
        running.stop()
    started = time.monotonic()
    with Oasis(bench.oasis, 'store2', '--threads', '1') as running:
        while running.metric('^oasis_serving') != 1:
            time.sleep(0.02)
        bench.report.add('restart to serving', tracks / (time.monotonic() - started), 'items/s', budget='>= 5M')
        running.stop()


SECTIONS = {'table': table, 'server': server, 'peers': peers, 'swap': swap}
