#!/usr/bin/env python3
"""The parts of the demo that read JSON and metrics. See scripts/demo.sh."""
import json
import math
import os
import sys
import time
import urllib.request

# What the demo shows of docs/metrics.md.
SHOWN = ('oasis_requests_total', 'oasis_items_total', 'oasis_snapshot_info', 'oasis_snapshot_swaps_total',
         'oasis_snapshot_loads_total', 'oasis_table_resident_bytes', 'oasis_serving')


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def wait(path, process):
    """Until the server has written its addresses. Fails when it has ended or takes 20 seconds."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            json.loads(read(path))
            return 0
        except (OSError, ValueError):
            pass
        try:
            os.kill(int(process), 0)
        except OSError:
            break
        time.sleep(0.02)
    print('demo: the server did not start; it said:', file=sys.stderr)
    return 1


def address(path, name):
    print(f'127.0.0.1:{json.loads(read(path))[name]}')


def meaning(answer):
    score = json.loads(answer)['items'][0]['scores']['promotion']
    print(f'\n    {score:+.4f} on the logit makes the odds of the first one {math.exp(score):.2f} times what they were.')


def compare(steady_path, swap_path):
    steady, swap = json.loads(read(steady_path)), json.loads(read(swap_path))
    print(f'    {"":16}{"calls":>8}{"failed":>8}{"p50":>10}{"p99":>10}   answered by')
    for name, test in (('steady', steady), ('during the swap', swap)):
        latency = test['latency_us']
        snapshots = ', '.join(f'{snapshot} {calls:,}' for snapshot, calls in test['snapshots'].items())
        print(f'    {name:16}{test["calls"]:>8,}{test["failed"]:>8,}{latency["p50"] / 1000:>7.2f} ms'
              f'{latency["p99"] / 1000:>7.2f} ms   {snapshots}')
    failed = steady['failed'] + swap['failed']
    ratio = swap['latency_us']['p99'] / steady['latency_us']['p99']
    print(f'\n    {"No call failed" if failed == 0 else f"{failed} CALLS FAILED"}; p99 was {ratio:.2f} times the steady one'
          f' while a whole snapshot was\n    verified, built and swapped on the same {os.cpu_count()} CPUs as server and load test.')
    if failed:
        print(f'    for one: {steady["first_error"] or swap["first_error"]}')
        return 1
    return 0


def scrape(where, path):
    with urllib.request.urlopen(f'http://{where}/metrics', timeout=5) as answer:
        text = answer.read().decode()
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def values(path):
    lines = [line.rsplit(' ', 1) for line in read(path).splitlines() if line and line[0] != '#']
    return {name: float(value) for name, value in lines}


def moved(before_path, after_path):
    before, after = values(before_path), values(after_path)
    for name, value in after.items():
        if name.split('{')[0] in SHOWN and value != before.get(name, 0):
            print(f'    {name}  {before.get(name, 0):,.0f} -> {value:,.0f}')


if __name__ == '__main__':
    sys.exit({'wait': wait, 'address': address, 'meaning': meaning, 'compare': compare,
              'scrape': scrape, 'moved': moved}[sys.argv[1]](*sys.argv[2:]))
