"""Overload: what a server answers when it is asked for five times what it can, and what becomes of the rest."""
import functools
import threading

from harness import Oasis, off_last_cpu

DEADLINE = '50ms'
# Items a call, and how they are named. Of small calls one CPU cannot ask for 5 times what another answers: the row `offered` tells.
KINDS = {'500 gids': (500, 'gid'), '4,000 URIs': (4000, 'uri')}


def overload(bench):
    """One server at 5 times saturation, for as long as the bench says."""
    bench.report.section('Overload', 'One serving thread on the CPUs but the last, the client on that one. The peak is of a closed loop with '
                         f'32 calls; unloaded is an open loop at 0.3 of it; then 5 times the peak for {bench.overload_seconds} s with deadlines of '
                         f'{DEADLINE}, and at once half of it. Goodput is answers within the deadline from when a call was due.')
    with Oasis(bench.oasis, 'overload_store', '--threads', '1', prepare=off_last_cpu) as running:
        running.load('one')
        for name, (batch, mode) in KINDS.items():
            ask = functools.partial(running.load_test, bench.oasis, '--batch', str(batch), '--mode', mode, '--prepared', '512',
                                    '--deadline', DEADLINE, '--allow-errors')
            seconds = f'{bench.seconds}s'
            peak = ask('--duration', seconds, '--concurrency', '32')['goodput_per_second']
            unloaded = ask('--duration', seconds, '--rate', str(int(0.3 * peak)))['latency_us']['p99']
            rate = int(5 * peak)
            memory = [running.resident()]
            test = in_turn(running, memory, lambda: ask('--duration', f'{bench.overload_seconds}s', '--rate', str(rate)))
            after = ask('--duration', '1s', '--rate', str(int(peak / 2)))
            report(bench, name, peak, unloaded, rate, test, memory)
            lost = after['failed']
            bench.report.add(f'{name}: failed calls of the {after["calls"] + lost:,} in the second after it', lost, '', budget='0')


def in_turn(running, memory, load_test):
    """Runs the load test, and meanwhile reads the server's memory every second."""
    done = threading.Event()

    def watch():
        while not done.wait(1):
            memory.append(running.resident())
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        return load_test()
    finally:
        done.set()
        watcher.join()


def report(bench, name, peak, unloaded, rate, test, memory):
    add = bench.report.add
    offered = (test['calls'] + test['failed'] - test['errors'].get('NOT_SENT', 0)) / test['seconds']
    add(f'{name}: offered', offered, 'calls/s', peak, 'peak', '5')
    add(f'{name}: goodput', test['goodput_per_second'], 'calls/s', peak, 'peak', '>= 0.9')
    add(f'{name}: p99 of answered calls', test['latency_us']['p99'], 'us', unloaded, 'unloaded', '<= 3')
    add(f'{name}: sent late by the client, p99', test['sent_late_us']['p99'], 'us')
    add(f'{name}: refused', test['refused'] / test['seconds'], 'calls/s')
    if test['refused']:
        add(f'{name}: p99 of refusals', test['refusal_latency_us']['p99'], 'us')
    add(f'{name}: missed their deadline', test['missed'] / test['seconds'], 'calls/s')
    half = len(memory) // 2
    add(f'{name}: memory, most of the second half', max(memory[half:]) / 1e6, 'MB', max(memory[:half + 1]) / 1e6, 'first half',
        '<= 1.05')
