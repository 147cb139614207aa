"""What transport security costs a call."""
import contextlib
import functools

from answered import Answered
from harness import BATCH, OUTSTANDING, Oasis, off_last_cpu, run


def tls(bench):
    """Calls by TLS and by mutual TLS, beside calls in plaintext."""
    make_certificate()
    servers = {'plaintext': ([], []),
               'TLS': (['--tls-cert', 'tls.pem', '--tls-key', 'tls.key'], ['--tls-ca', 'tls.pem']),
               'mutual TLS': (['--tls-cert', 'tls.pem', '--tls-key', 'tls.key', '--tls-client-ca', 'tls.pem'],
                              ['--tls-ca', 'tls.pem', '--tls-cert', 'tls.pem', '--tls-key', 'tls.key'])}
    bench.report.section('Transport security', f'CPU of a call of {BATCH} gids on connections that stand, one serving thread on the CPUs but the last, '
                         f'{bench.rounds} rounds in turn.')
    with contextlib.ExitStack() as stack:
        ask = {}
        for name, (flags, client_flags) in servers.items():
            running = stack.enter_context(Oasis(bench.oasis, f'tls_store_{name.replace(" ", "_")}', '--threads', '1', *flags, prepare=off_last_cpu))
            running.load('one')
            ask[name] = running, functools.partial(running.load_test, bench.oasis, '--batch', str(BATCH), '--duration', f'{bench.seconds}s',
                                                   '--concurrency', OUTSTANDING, *client_flags)
        answered = {name: Answered() for name in ask}
        for _ in range(bench.rounds):
            for name, (running, load_test) in ask.items():
                answered[name].measure(running, load_test)
    for name, calls in answered.items():
        plain = answered['plaintext'].cpu_a_call() if name != 'plaintext' else None
        bench.report.add(f'{name}: CPU', calls.cpu_a_call(), 'us', plain, 'plaintext')


def make_certificate():
    """One that signs itself, and so is its own CA, for both sides."""
    run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'tls.key', '-out', 'tls.pem',
        '-days', '1', '-subj', '/CN=bench', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost')
