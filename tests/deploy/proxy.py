"""deploy/nginx before a real server: what passes, and what ends there."""
import pathlib
import re
import socket
import ssl
import tempfile
import unittest
from contextlib import ExitStack

import grpc
from processes import DEPLOY, Oasis, Process, build_snapshots, free_port, run, wait_for
from rollout import stubs

URI = 'spotify:track:6rqhFgbbKwnb9MLmUQDhG6'
MOST_MEMORY = 100e6  # of a process, through which twice as much is sent
EC = ('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2')


def most_memory(pid):
    return int(re.search(r'VmHWM:\s+(\d+)', pathlib.Path(f'/proc/{pid}/status').read_text())[1]) * 1024


class Nginx(Process):
    """With our configuration, but for ports, names and places."""

    def __init__(self, directory, upstream):
        self.port = free_port()
        config = (DEPLOY / 'nginx/oasis.conf').read_text()
        for ours, its in {'listen 443': f'listen 127.0.0.1:{self.port}', 'oasis-0.internal:50051': upstream,
                          '/etc/nginx/tls': str(directory)}.items():
            assert ours in config, ours
            config = config.replace(ours, its)
        (directory / 'oasis.conf').write_text(config)
        temporary = ''.join(f'  {what}_temp_path {directory}/{what};\n'
                            for what in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
        (directory / 'nginx.conf').write_text(f'daemon off;\npid {directory}/nginx.pid;\nevents {{}}\n'
                                              f'http {{\n  access_log {directory}/access.log;\n{temporary}'
                                              f'  include {directory}/oasis.conf;\n}}\n')
        super().__init__(directory / 'nginx.log', '/usr/sbin/nginx', '-e', directory / 'errors.log', '-p', directory, '-c',
                         directory / 'nginx.conf')
        wait_for('nginx', lambda: (directory / 'nginx.pid').exists() or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text()


def certify(directory):
    """An authority, and what it vouches for: server.pem, client.pem."""
    run('openssl', 'req', '-x509', *EC, '-subj', '/CN=authority', '-keyout', directory / 'authority.key', '-out',
        directory / 'clients.pem')
    for name, subject in (('server', '/CN=localhost'), ('client', '/CN=pzn')):
        run('openssl', 'req', '-x509', *EC, '-subj', subject, '-addext', 'subjectAltName=DNS:localhost', '-CA',
            directory / 'clients.pem', '-CAkey', directory / 'authority.key', '-keyout', directory / f'{name}.key', '-out',
            directory / f'{name}.pem')


class Proxy(unittest.TestCase):
    def setUp(self):
        stack = ExitStack()
        self.addCleanup(stack.close)
        self.directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        certify(self.directory)
        build_snapshots(self.directory, {'monday': (1, 0)}, tracks=1_000)
        self.server = stack.enter_context(Oasis(self.directory, 'store'))
        self.server.load(self.directory / 'monday')
        self.nginx = stack.enter_context(Nginx(self.directory, self.server.listen))
        self.pb, self.rpc = stubs(self.directory)
        self.stack = stack

    def channel(self, certificate='client'):
        read = lambda name: (self.directory / name).read_bytes()
        own = (read(f'{certificate}.key'), read(f'{certificate}.pem')) if certificate else (None, None)
        return self.stack.enter_context(grpc.secure_channel(f'localhost:{self.nginx.port}', grpc.ssl_channel_credentials(
            read('clients.pem'), *own)))

    def ask(self, channel, items=1, metadata=()):
        request = self.pb.GetPromotionScoresRequest(context=self.pb.Context(surface='radio'), item_uris=[URI] * items)
        return self.rpc.PromotionScoresStub(channel).GetPromotionScores(request, timeout=10, metadata=metadata)

    def refusal(self, *asked, **how):
        with self.assertRaises(grpc.RpcError) as refused:
            self.ask(*asked, **how)
        return refused.exception.code()

    def test_a_caller_with_a_certificate_is_answered(self):
        self.assertEqual(self.ask(self.channel(), items=500).snapshot.id, 'monday')

    def test_a_caller_without_one_is_not(self):
        self.assertNotEqual(self.refusal(self.channel(certificate=None)), grpc.StatusCode.OK)

    def test_an_error_of_the_server_passes(self):
        self.assertEqual(self.refusal(self.channel(), items=5_000), grpc.StatusCode.INVALID_ARGUMENT)

    def test_the_admin_services_are_not_there(self):
        status = self.channel().unary_unary('/oasis.v1.SnapshotAdmin/GetStatus')
        with self.assertRaises(grpc.RpcError) as refused:
            status(b'', timeout=10)
        self.assertEqual(refused.exception.code(), grpc.StatusCode.UNIMPLEMENTED)

    def test_headers_without_an_end_end_at_the_proxy(self):
        """gRPC would keep all of them (tests/hostile)."""
        def frame(kind, flags, stream, payload=b''):
            return len(payload).to_bytes(3, 'big') + bytes([kind, flags]) + stream.to_bytes(4, 'big') + payload

        def field(name, value):
            return b''.join([b'\0'] + [bytes([len(text)]) + text for text in (name, value)])

        context = ssl.create_default_context(cafile=self.directory / 'clients.pem')
        context.load_cert_chain(self.directory / 'client.pem', self.directory / 'client.key')
        context.set_alpn_protocols(['h2'])
        begin = [(b':method', b'POST'), (b':scheme', b'https'), (b':path', b'/oasis.v1.PromotionScores/GetPromotionScores'),
                 (b':authority', b'localhost'), (b'content-type', b'application/grpc'), (b'te', b'trailers')]
        with socket.create_connection(('127.0.0.1', self.nginx.port), timeout=10) as plain, \
                context.wrap_socket(plain, server_hostname='localhost') as peer:
            peer.sendall(b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' + frame(4, 0, 0))
            peer.sendall(frame(1, 0, 1, b''.join(field(*pair) for pair in begin)))
            more = b''.join(frame(9, 0, 1, field(b'x-more', b'b' * 100)) for _ in range(100))
            try:
                for _ in range(20_000):
                    peer.sendall(more)
            except OSError:
                pass  # it may hang up, or read on and keep nothing
            workers = run('pgrep', '-P', self.nginx.process.pid).split()
            for pid in (*workers, self.server.process.pid):
                self.assertLess(most_memory(pid), MOST_MEMORY)
        self.assertEqual(self.ask(self.channel()).snapshot.id, 'monday')

    def test_what_is_too_long_ends_at_the_proxy_and_the_next_call_is_answered(self):
        channel = self.channel()
        self.refusal(channel, metadata=[('x-long', 'a' * 30_000)])
        self.refusal(channel, items=200_000)
        self.assertEqual(self.ask(channel).snapshot.id, 'monday')
