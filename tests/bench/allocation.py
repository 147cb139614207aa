"""The section on the allocator: passes, solutions, and other solvers beside it."""
import json
import re

from harness import run


def allocation(bench):
    edges = 100_000 if bench.quick else 10_000_000
    bench.report.section('Allocation', "Problems of the generator's recipe, two threads (alloc_bench.cc). A pass goes over all edges; its baseline "
                         'reads the same columns once and does nothing with them.')
    alloc_bench = f'{bench.build}/bench/alloc_bench'

    def measure(*words):
        return [json.loads(line) for line in run(alloc_bench, *words)[2].splitlines()]

    [passed] = measure('pass', str(edges))
    bench.report.add(f'{edges:,} edges: a pass', passed['edges'] * 14e-9 / passed['pass_s'], 'GB/s', passed['stream_gb_s'],
                     'read once', '>= 0.7')
    bench.report.add(f'{edges:,} edges: memory', passed['bytes_an_edge'], 'bytes/edge', budget='<= 16')
    solutions(bench, edges, measure('solve', str(edges), '0.05'), seconds=10)
    if not bench.quick:
        solutions(bench, 100_000_000, measure('solve', '1e8', '0.05'), seconds=90)
    sources = 10_000 if bench.quick else 100_000
    matched = {line['bench']: line for line in measure('matching', str(sources))}
    bench.report.add(f"DuaLip's recipe, {sources:,} sources: passes to within 1e-4 of the dual", matched['matching-ours']['passes'], '',
                     matched['matching-dualip-rule']['passes'], "DuaLip's step rule")
    beside_clp(bench, 20_000 if bench.quick else 200_000)


def solutions(bench, edges, lines, seconds):
    """Cold, and warm after a change; no more than `seconds` are meant for the first."""
    solved = {line['bench']: line for line in lines if 'seconds' in line}
    for name, words, passes, budget in (('cold', 'cold to a gap of 1e-4', 200, f'<= {seconds}'),
                                        ('warm-after-5%', 'the same after bounds changed by 5 %', 25, '')):
        line = solved[name]
        bench.report.add(f'{edges:,} edges, {words}: passes', line['passes'], '', budget=f'<= {passes}')
        bench.report.add(f'{edges:,} edges, {words}: gap reached', line['gap'] * 1e4, 'of 1e-4', budget='<= 1')
        bench.report.add(f'{edges:,} edges, {words}: time', line['seconds'], 's', budget=budget)
    peak = max(line['peak_bytes'] for line in solved.values())
    bench.report.add(f'{edges:,} edges: most memory of both, with the problem', peak * 1e-9, 'GB', budget='<= 8')


def beside_clp(bench, edges):
    """The exact optimum of the linear program, by Debian's coinor-clp."""
    run(bench.oasis, 'generate', 'problem', '--edges', str(edges), '--tau', '0.01', '--out', 'clp-problem')
    report = json.loads(run(bench.oasis, 'allocate', 'clp-problem', '--json', '--gap', '1e-3', '--max-passes', '5000',
                            '--export-mps', 'clp.mps')[2])
    seconds, _, output = run('clp', 'clp.mps', '-dualsimplex')
    optimum = -float(re.search(r'Optimal objective (\S+)', output)[1])
    value = report['certificate']['lp_primal']
    bench.report.add(f'{edges:,} edges: value below the exact optimum', 100 * (optimum - value) / abs(optimum), '%',
                     budget='<= 0.1')
    bench.report.add(f'{edges:,} edges: time beside Clp', seconds / report['solve']['seconds'], 'times faster', budget='>= 50')
