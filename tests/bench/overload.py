"""Overload: what a server answers when five times what it can is asked of it, and what becomes of the rest."""
import functools
import threading

from harness import Oasis, off_last_cpu

DEADLINE = '50ms'
# Items a call, how they are named, and the calls that the callers allow themselves under way: 2 to 3 ms of work.
KINDS = {'500 gids': (500, 'gid', 48), '4,000 URIs': (4000, 'uri', 4)}
MANY = 8  # times as many: callers who allow themselves too much


def overload(bench):
    """One server at 5 times saturation, for as long as the bench says."""
    bench.report.section('Overload', 'One serving thread on the CPUs but the last, the client on that one. The peak is of a closed loop; unloaded is '
                         f'an open loop at 0.3 of it; then calls are due at 5 times the peak for {bench.overload_seconds} s with deadlines of {DEADLINE}, '
                         'of callers with a limit of calls under way, and at once half of the peak without such a limit. Goodput is answers within '
                         'the deadline from when a call was due.')
    with Oasis(bench.oasis, 'overload_store', '--threads', '1', prepare=off_last_cpu) as running:
        running.load('one')
        for name, (batch, mode, limit) in KINDS.items():
            ask = functools.partial(running.load_test, bench.oasis, '--batch', str(batch), '--mode', mode, '--prepared', '512',
                                    '--deadline', DEADLINE, '--allow-errors')
            overload_by(bench, running, name, ask, limit)
    refusals(bench)


def overload_by(bench, running, name, ask, limit):
    seconds = f'{bench.seconds}s'
    peak = ask('--duration', seconds, '--concurrency', str(limit))['goodput_per_second']
    unloaded = ask('--duration', seconds, '--rate', str(int(0.3 * peak)))['latency_us']['p99']
    rate = str(int(5 * peak))
    memory = [running.resident()]
    test = in_turn(running, memory, lambda: ask('--duration', f'{bench.overload_seconds}s', '--rate', rate, '--max-outstanding', str(limit)))
    after = ask('--duration', '1s', '--rate', str(int(peak / 2)))
    add = functools.partial(add_figure, bench.report, name)
    answers(add, f'{limit} under way', test, peak, unloaded, ('>= 0.9', '<= 3'))
    half = len(memory) // 2
    add('memory, most of the second half', max(memory[half:]) / 1e6, 'MB', max(memory[:half + 1]) / 1e6, 'first half', '<= 1.05')
    add(f'failed calls of the {after["calls"] + after["failed"]:,} in the second after it', after['failed'], budget='0')
    many = MANY * limit
    answers(add, f'{many} under way', ask('--duration', seconds, '--rate', rate, '--max-outstanding', str(many)), peak, unloaded)


def add_figure(report, name, figure, value, unit='', *more, **named):
    report.add(f'{name}: {figure}', value, unit, *more, **named)


def answers(add, limit, test, peak, unloaded, budgets=('', '')):
    due = (test['calls'] + test['failed']) / test['seconds']
    add(f'{limit}: due', due, 'calls/s', peak, 'peak', '5' if budgets[0] else '')
    add(f'{limit}: goodput', test['goodput_per_second'], 'calls/s', peak, 'peak', budgets[0])
    add(f'{limit}: p99 of answered calls', test['latency_us']['p99'], 'us', unloaded, 'unloaded', budgets[1])
    add(f'{limit}: held back by the callers', test['errors'].get('NOT_SENT', 0) / test['seconds'], 'calls/s')
    add(f'{limit}: refused by the server', test['refused'] / test['seconds'], 'calls/s')
    add(f'{limit}: missed their deadline', test['missed'] / test['seconds'], 'calls/s')


def refusals(bench):
    """What a refusal costs beside an answer, by a server that refuses nearly all: a client may have 4,096 items a second."""
    answered = cpu_of_calls(bench)
    refused = cpu_of_calls(bench, '--client-items-per-second', '4096')
    for name in KINDS:
        bench.report.add(f'{name}: CPU of a refused call', refused[name], 'us', answered[name], 'answered')


def cpu_of_calls(bench, *flags):
    cost = {}
    with Oasis(bench.oasis, 'refusals_store', '--threads', '1', *flags, prepare=off_last_cpu) as running:
        running.load('one')
        for name, (batch, mode, limit) in KINDS.items():
            before = running.cpu_seconds()
            test = running.load_test(bench.oasis, '--batch', str(batch), '--mode', mode, '--prepared', '512', '--allow-errors', '--duration',
                                     f'{bench.seconds}s', '--concurrency', str(limit))
            cost[name] = (running.cpu_seconds() - before) / (test['calls'] + test['failed']) * 1e6
    return cost


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
