"""A rolling update: three real servers are replaced one by one, behind a client that balances over them.

As in a cluster: each server has an address of its own and the same port, and the name of the headless Service has those
that are ready. A new one comes before an old one goes (maxSurge 1, maxUnavailable 0).
"""
import collections
import json
import pathlib
import shutil
import sys
import tempfile
import threading
import time
import unittest
from contextlib import ExitStack

import grpc
from names import Names
from processes import DEPLOY, ROOT, Oasis, build_snapshots, free_port, health, run, wait_for

CALLERS = 4
SETTLE_SECONDS = 1.5  # of load before, between and after the replacements
DEADLINE_SECONDS = 5  # of a call: a failure is to be a failure, not a machine that is busy with other things

SERVICE_CONFIG = json.loads((DEPLOY / 'client/service_config.json').read_text())
CHANNEL = [('grpc.service_config', json.dumps(SERVICE_CONFIG)), ('grpc.dns_min_time_between_resolutions_ms', 500)]


def stubs(directory):
    """The modules of the serving API, generated as README.md says."""
    run('protoc', '-I', ROOT / 'proto', f'--python_out={directory}', f'--grpc_out={directory}',
        '--plugin=protoc-gen-grpc=/usr/bin/grpc_python_plugin', 'oasis/v1/promotion_scores.proto', 'oasis/v1/override.proto')
    sys.path.insert(0, str(directory))
    from oasis.v1 import promotion_scores_pb2, promotion_scores_pb2_grpc
    return promotion_scores_pb2, promotion_scores_pb2_grpc


class Load:
    """Callers on threads, from the entry of a `with` block to its end."""

    def __init__(self, channel, pb, rpc, uris):
        self.stub = rpc.PromotionScoresStub(channel)
        self.request = pb.GetPromotionScoresRequest(context=pb.Context(surface='radio'), item_uris=uris)
        self.answered = collections.Counter()  # by snapshot
        self.failed = []
        self.done = threading.Event()
        self.threads = [threading.Thread(target=self.call) for _ in range(CALLERS)]

    def call(self):
        while not self.done.is_set():
            try:
                answer = self.stub.GetPromotionScores(self.request, timeout=DEADLINE_SECONDS)
                self.answered[answer.snapshot.id] += 1
            except grpc.RpcError as error:
                self.failed.append(f'{time.strftime("%X")} {error.code().name}: {error.details()}')
            time.sleep(0.005)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.done.set()
        for thread in self.threads:
            thread.join()


class Rollout(unittest.TestCase):
    def setUp(self):
        stack = ExitStack()
        self.addCleanup(stack.close)
        self.enter = stack.enter_context
        self.directory = pathlib.Path(self.enter(tempfile.TemporaryDirectory()))
        self.port = free_port()
        self.addresses = (f'127.0.1.{number}' for number in range(1, 100))
        self.names = self.enter(Names())
        build_snapshots(self.directory, {'monday': (1, 0)}, tracks=2_000)
        with Oasis(self.directory, 'store') as server:
            server.load(self.directory / 'monday')
            server.stop()

    def start(self):
        """A server that is ready and known by name."""
        address = next(self.addresses)
        shutil.copytree(self.directory / 'store', self.directory / address)
        server = self.enter(Oasis(self.directory, address, listen=f'{address}:{self.port}'))
        wait_for(f'{address} to be ready', lambda: health(server.listen, '') == 'SERVING')
        self.names.ready.append(address)
        return address, server

    def stop(self, address, server):
        self.names.ready.remove(address)
        server.stop()  # drains: calls under way end, the client is told to go elsewhere

    def test_no_call_fails_while_three_servers_are_replaced_one_by_one(self):
        old = [self.start() for _ in range(3)]
        pb, rpc = stubs(self.directory)
        uris = [line.split(',')[0] for line in (self.directory / 'monday-data/tracks.csv').read_text().split()[1:201]]
        channel = self.enter(grpc.insecure_channel(f'dns://{self.names.address}/oasis.test:{self.port}', options=CHANNEL))
        with Load(channel, pb, rpc, uris) as load:
            for server in old:
                time.sleep(SETTLE_SECONDS)
                self.start()
                self.stop(*server)
            time.sleep(SETTLE_SECONDS)
            answered = load.answered.total()
            time.sleep(SETTLE_SECONDS)
            self.assertGreater(load.answered.total(), answered)  # by servers that were not there in the beginning
        self.assertEqual(load.failed, [], f'beside {load.answered}')
        self.assertEqual(set(load.answered), {'monday'})
        print(f'{load.answered.total()} calls, none failed', file=sys.stderr)
