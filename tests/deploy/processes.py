"""Real servers, a real Prometheus and what they are told, for the checks of deploy/."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import grpc
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / 'deploy'
PATIENCE_SECONDS = 30

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever proxy the machine has


def program():
    return os.environ['OASIS_PROGRAM']


def run(*words, fails=False):
    """Runs a command to its end and returns its output. `fails`: it must fail; the output is then its errors."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if (done.returncode != 0) != fails:
        raise AssertionError(f'{" ".join(map(str, words))}: exit code {done.returncode}\n{done.stdout}{done.stderr}')
    return done.stderr if fails else done.stdout


def run_both(*words, patience):
    """Runs a command that must succeed, in time, and returns its output and its errors."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, timeout=patience)
    assert done.returncode == 0, f'{words}: exit code {done.returncode}\n{done.stdout}{done.stderr}'
    return done.stdout, done.stderr


def direct_get(url):
    """A page's text."""
    with _direct.open(url, timeout=PATIENCE_SECONDS) as answer:
        return answer.read().decode()


def wait_for(what, ask):
    """The first true answer of `ask`; it is asked until then."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if answer := ask():
            return answer
        time.sleep(0.1)
    raise AssertionError(f'waited {PATIENCE_SECONDS} s for {what}')


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Process:
    """A process with a log, killed when its `with` block ends."""

    def __init__(self, log, *words):
        self.log = pathlib.Path(log)
        self.process = subprocess.Popen([str(word) for word in words], stdout=self.log.open('ab'),
                                        stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def stop(self, patience=PATIENCE_SECONDS):
        """As Kubernetes does: SIGTERM, and an end in time with exit code 0."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(patience)
        assert code == 0, f'exit code {code}; it said:\n{self.log.read_text()[-4000:]}'


class Oasis(Process):
    """A server on loopback with a data directory below `directory`."""

    def __init__(self, directory, name, *flags, listen='127.0.0.1:0'):
        ports = directory / f'{name}.ports'
        ports.unlink(missing_ok=True)
        super().__init__(directory / f'{name}.log', program(), 'serve', '--data-dir', directory / name,
                         '--listen', listen, '--admin-listen', '127.0.0.1:0',
                         '--metrics-listen', '127.0.0.1:0', '--port-file', ports, '--log-format', 'json', *flags)
        wait_for(f'{name} to listen', lambda: ports.exists() or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text()
        for what, port in json.loads(ports.read_text()).items():
            host = listen.rsplit(':', 1)[0] if what == 'listen' else '127.0.0.1'
            setattr(self, what, f'{host}:{port}')  # .listen, .admin, .metrics
        self.client = ()  # flags of clients of the admin port

    def load(self, snapshot):
        run(program(), 'snapshot', 'load', snapshot, '--server', self.admin, *self.client)


class Prometheus(Process):
    """Debian's Prometheus with our configuration and rules, every interval a second, on these targets."""

    def __init__(self, directory, targets):
        config = yaml.safe_load((DEPLOY / 'prometheus/prometheus.yaml').read_text())
        config['global'] = {'scrape_interval': '1s', 'evaluation_interval': '1s'}
        config['rule_files'] = [str(DEPLOY / 'prometheus' / file) for file in config['rule_files']]
        for job in config['scrape_configs']:
            job.pop('file_sd_configs')
            job['static_configs'] = [{'targets': targets}]
        (directory / 'prometheus.yaml').write_text(yaml.safe_dump(config))
        self.address = f'127.0.0.1:{free_port()}'
        super().__init__(directory / 'prometheus.log', 'prometheus', f'--config.file={directory}/prometheus.yaml',
                         f'--storage.tsdb.path={directory}/prometheus', f'--web.listen-address={self.address}')
        wait_for('Prometheus', self.ready)

    def ready(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return _direct.open(f'http://{self.address}/-/ready', timeout=PATIENCE_SECONDS)
        except OSError:  # no connection yet, or not ready
            return None

    def get(self, path, **parameters):
        url = f'http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters, doseq=True)}'
        try:
            with _direct.open(url, timeout=PATIENCE_SECONDS) as answer:
                return json.load(answer)['data']
        except urllib.error.HTTPError as error:
            raise AssertionError(f'{parameters}: {error.read().decode()}') from error

    def query(self, expression):
        """The values now, as [(labels, number)]."""
        return [(series['metric'], float(series['value'][1]))
                for series in self.get('query', query=expression)['result']]


def certificates(directory, days):
    """A CA and a certificate of it for a server on loopback, with so many days to live: ca.pem, server.pem, server.key."""
    new = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config /dev/null'
    run('sh', '-ec', f"""cd {directory}
        openssl req -x509 {new} -keyout ca.key -out ca.pem -days 365 -subj /CN=ca -addext basicConstraints=critical,CA:TRUE
        openssl req {new} -keyout server.key -subj /CN=server -addext subjectAltName=DNS:localhost,IP:127.0.0.1 |
          openssl x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy -days {days} -out server.pem""")


def health(address, service):
    """What grpc.health.v1.Health says of it, as a gRPC probe would hear it: SERVING, NOT_SERVING, or a status code."""
    # Its two messages have one field each; generated ones would be in a package that hides gRPC's own.
    with grpc.insecure_channel(address) as channel:
        check = channel.unary_unary('/grpc.health.v1.Health/Check',
                                    request_serializer=lambda name: b'\x0a' + bytes([len(name)]) + name.encode())
        try:
            return {b'\x08\x01': 'SERVING', b'\x08\x02': 'NOT_SERVING'}[check(service, timeout=5)]
        except grpc.RpcError as error:
            return error.code().name


def build_snapshots(directory, days, tracks=20_000):
    """Snapshots of an invented catalogue, one a day, each `days` with its seed and revision."""
    for name, (seed, revision) in days.items():
        data = directory / f'{name}-data'
        run(program(), 'generate', '--out', data, '--tracks', tracks, '--seed', seed, '--revision', revision)
        run(program(), 'snapshot', 'build', '--scores', data / 'scores.csv', '--campaigns', data / 'campaigns.csv',
            '--id', name, '--out', directory / name)
