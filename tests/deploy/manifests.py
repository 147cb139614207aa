"""The Kubernetes manifests: rendered by kustomize, held against the schemas, against each other and against the program."""
import os
import pathlib
import re
import subprocess
import tempfile
import tomllib
import unittest

import kubernetes_validate
import yaml
from processes import DEPLOY, ROOT, Oasis, build_snapshots, certificates, health, program, run

OVERLAYS = ('dev', 'prod')
KUBERNETES = ('1.27', '1.37')  # gRPC probes are stable since 1.27
OPERATOR = 'monitoring.coreos.com/v1'

# docs/operations.md, Sizes.
BYTES_OF_PROCESS, BYTES_OF_TABLE, BYTES_OF_NEXT, MARGIN = 100e6, 45, 70, 1.1
BYTES_ON_DISK = 90  # an item of a kept snapshot


def rendered(overlay):
    return list(yaml.safe_load_all(run('kustomize', 'build', DEPLOY / 'kubernetes/overlays' / overlay)))


def the(objects, kind):
    return next(item for item in objects if item['kind'] == kind)


def pod(objects):
    return the(objects, 'Deployment')['spec']['template']


def container(objects):
    [only] = pod(objects)['spec']['containers']
    return only


def config(objects):
    return tomllib.loads(the(objects, 'ConfigMap')['data']['oasis.toml'])


def number(quantity):
    digits, unit = re.fullmatch(r'(\d+)(\w*)', str(quantity)).groups()
    return int(digits) * {'': 1, 'm': 1e-3, 'Mi': 2**20, 'Gi': 2**30}[unit]


def seconds(duration):
    return int(re.fullmatch(r'(\d+)s', duration).group(1))


class Manifests(unittest.TestCase):
    def setUp(self):
        self.overlays = {overlay: rendered(overlay) for overlay in OVERLAYS}

    def test_objects_follow_the_schemas_of_kubernetes(self):
        for objects in self.overlays.values():
            for item in objects:
                if item['apiVersion'] != OPERATOR:
                    for version in KUBERNETES:
                        kubernetes_validate.validate(item, version, strict=True)

    def test_the_schemas_would_refuse_a_misspelt_field(self):
        broken = the(self.overlays['prod'], 'Deployment')
        container([broken])['readynessProbe'] = {}
        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(broken, KUBERNETES[0], strict=True)

    def test_objects_of_the_prometheus_operator_have_its_fields(self):
        for objects in self.overlays.values():
            run_crds(yaml.safe_dump(the(objects, 'ServiceMonitor')))
        text = run(DEPLOY / 'prometheus/to_kubernetes.sh')
        run_crds(text.removeprefix('---\n'))
        self.assertEqual([item['spec'] for item in yaml.safe_load_all(text)],
                         [yaml.safe_load(path.read_text()) for path in sorted((DEPLOY / 'prometheus').glob('*.rules.yaml'))])

    def test_everything_that_selects_pods_selects_these(self):
        for objects in self.overlays.values():
            labels = pod(objects)['metadata']['labels']
            selectors = [the(objects, 'Deployment')['spec']['selector']['matchLabels'],
                         the(objects, 'PodDisruptionBudget')['spec']['selector']['matchLabels'],
                         the(objects, 'NetworkPolicy')['spec']['podSelector']['matchLabels'],
                         the(objects, 'Service')['spec']['selector'],
                         *(spread['labelSelector']['matchLabels'] for spread in pod(objects)['spec']['topologySpreadConstraints'])]
            for selector in selectors:
                self.assertLessEqual(selector.items(), labels.items())
            monitor, service = the(objects, 'ServiceMonitor')['spec'], the(objects, 'Service')
            self.assertLessEqual(monitor['selector']['matchLabels'].items(), service['metadata']['labels'].items())
            self.assertEqual(service['metadata']['labels'][monitor['jobLabel']], 'oasis')  # as the rules call the job
            self.assertEqual(service['spec']['clusterIP'], 'None')
        target = the(self.overlays['prod'], 'HorizontalPodAutoscaler')['spec']['scaleTargetRef']
        self.assertEqual((target['kind'], target['name']), ('Deployment', 'oasis'))

    def test_ports_are_the_same_everywhere(self):
        for objects in self.overlays.values():
            ports = {port['name']: port['containerPort'] for port in container(objects)['ports']}
            self.assertEqual(config(objects)['listen'], f'0.0.0.0:{ports["grpc"]}')
            self.assertEqual(config(objects)['metrics-listen'], f'0.0.0.0:{ports["metrics"]}')
            self.assertNotIn('admin-listen', config(objects))  # on loopback, where nobody else is
            service = {port['targetPort']: port['port'] for port in the(objects, 'Service')['spec']['ports']}
            self.assertEqual(service, ports)
            admitted = [rule['ports'][0]['port'] for rule in the(objects, 'NetworkPolicy')['spec']['ingress']]
            self.assertEqual(admitted, [ports['grpc'], ports['metrics']])
            self.assertIn(the(objects, 'ServiceMonitor')['spec']['endpoints'][0]['port'], ports)
            self.assertEqual(container(objects)['livenessProbe']['httpGet'], {'path': '/metrics', 'port': 'metrics'})

    def test_pods_are_as_restricted_as_their_namespace_demands(self):
        for objects in self.overlays.values():
            level = the(objects, 'Namespace')['metadata']['labels']['pod-security.kubernetes.io/enforce']
            self.assertEqual(level, 'restricted')
            spec, own = pod(objects)['spec']['securityContext'], container(objects)['securityContext']
            self.assertTrue(spec['runAsNonRoot'] and spec['runAsUser'] > 0)
            self.assertEqual(spec['seccompProfile'], {'type': 'RuntimeDefault'})
            self.assertEqual(own, {'allowPrivilegeEscalation': False, 'readOnlyRootFilesystem': True,
                                   'capabilities': {'drop': ['ALL']}})
            self.assertIn(f'USER {spec["runAsUser"]}:{spec["runAsGroup"]}',
                          (ROOT / 'docker/Dockerfile').read_text().splitlines())

    def test_the_drain_ends_before_kubernetes_loses_patience(self):
        for objects in self.overlays.values():
            sleep = int(container(objects)['lifecycle']['preStop']['exec']['command'][1])
            drain = seconds(config(objects)['drain-timeout'])
            self.assertLess(sleep + drain, pod(objects)['spec']['terminationGracePeriodSeconds'])

    def test_memory_and_disk_suffice_for_the_items_they_are_for(self):
        for objects in self.overlays.values():
            items = int(pod(objects)['metadata']['annotations']['oasis/items'])
            limit = number(container(objects)['resources']['limits']['memory'])
            self.assertLessEqual(MARGIN * (BYTES_OF_PROCESS + items * (BYTES_OF_TABLE + BYTES_OF_NEXT)), limit)
            self.assertEqual(container(objects)['resources']['requests']['memory'],
                             container(objects)['resources']['limits']['memory'])
            self.assertNotIn('cpu', container(objects)['resources']['limits'])
            [store] = [volume for volume in pod(objects)['spec']['volumes'] if volume['name'] == 'store']
            snapshots = config(objects)['keep'] + 1  # and one that comes
            self.assertLessEqual(items * BYTES_ON_DISK * snapshots, number(store['emptyDir']['sizeLimit']))

    def test_the_program_takes_the_configuration_and_knows_the_names_of_the_probes(self):
        for objects in self.overlays.values():
            self.assertEqual(container(objects)['args'], ['serve', '--config', '/etc/oasis/oasis.toml'])
            with tempfile.TemporaryDirectory() as path:
                directory = pathlib.Path(path)
                (directory / 'snapshots').mkdir()
                (directory / 'oasis.toml').write_text(the(objects, 'ConfigMap')['data']['oasis.toml'])
                # Ports and directories of a pod; everything else is the file's.
                with Oasis(directory, 'store', '--config', directory / 'oasis.toml', '--watch', directory / 'snapshots') as server:
                    for probe in ('startupProbe', 'readinessProbe'):
                        name = container(objects)[probe]['grpc']['service']
                        self.assertEqual(health(server.listen, name), 'NOT_SERVING')  # it has no snapshot, but knows the name
                    server.stop()

    def test_a_machine_without_containers_gets_the_same(self):
        unit = dict(line.split('=', 1) for line in (DEPLOY / 'systemd/oasis.service').read_text().splitlines()
                    if '=' in line and not line.startswith('#'))
        objects = self.overlays['prod']
        self.assertEqual(unit['ExecStart'].split()[1:], container(objects)['args'])
        self.assertEqual(f'/var/lib/{unit["StateDirectory"]}', config(objects)['data-dir'])
        self.assertEqual(unit['Type'], 'notify')  # as serve_notify_test has it
        self.assertGreater(int(unit['TimeoutStopSec']), seconds(config(objects)['drain-timeout']))
        packages = re.search(r'libcivetweb1 libgrpc[^\\\n]+', (ROOT / 'docker/Dockerfile').read_text()).group().strip()
        self.assertIn(f'apt-get install -y --no-install-recommends {packages}\n', (ROOT / 'docs/operations.md').read_text())


class Tls(unittest.TestCase):
    """The component for TLS, on the overlay of prod."""

    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())).resolve()
        here = os.path.relpath(DEPLOY / 'kubernetes', self.directory)
        (self.directory / 'kustomization.yaml').write_text(yaml.safe_dump(
            {'resources': [f'{here}/overlays/prod'], 'components': [f'{here}/components/tls']}))
        self.objects = list(yaml.safe_load_all(run('kustomize', 'build', self.directory)))
        # As the Secret would have it; what the pod finds in /etc/oasis-tls.
        certificates(self.directory, days=7)
        self.files = {'tls.crt': 'server.pem', 'tls.key': 'server.key', 'ca.crt': 'ca.pem'}

    def here(self, path):
        directory, name = path.rsplit('/', 1)
        [mount] = [mount for mount in container(self.objects)['volumeMounts'] if mount['name'] == 'tls']
        self.assertEqual(directory, mount['mountPath'])
        return self.directory / self.files[name]

    def test_it_follows_the_schemas_and_leaves_no_probe_that_speaks_plaintext(self):
        for version in KUBERNETES:
            kubernetes_validate.validate(the(self.objects, 'Deployment'), version, strict=True)
        before = container(rendered('prod'))
        for probe in ('startupProbe', 'readinessProbe'):
            mine, others = dict(container(self.objects)[probe]), dict(before[probe])
            self.assertEqual((others.pop('grpc')['service'], mine.pop('timeoutSeconds')), ('oasis.v1.PromotionScores', 5))
            self.assertEqual(mine.pop('exec')['command'][:2], ['oasis', 'health'])
            self.assertEqual(mine, others)

    def test_its_probes_tell_of_a_real_server_with_its_settings(self):
        flags = [word for variable in container(self.objects)['env'] if 'TLS' in variable['name']
                 for word in (variable['name'].removeprefix('OASIS').replace('_', '-').lower().replace('-', '--', 1),
                              self.here(variable['value']))]
        self.assertEqual(len(flags), 6)
        build_snapshots(self.directory, {'monday': (1, 0)}, tracks=2_000)
        with Oasis(self.directory, 'store', *flags) as server:
            def probe(name, **how):
                _, *words = container(self.objects)[name]['exec']['command']
                return run(program(), *(self.here(word) if word.startswith('/') else word for word in words),
                           '--server', server.listen, **how)

            for name in ('startupProbe', 'readinessProbe'):
                self.assertIn('NOT_SERVING', probe(name, fails=True))
            server.load(self.directory / 'monday')
            for name in ('startupProbe', 'readinessProbe'):
                self.assertEqual(probe(name), 'SERVING\n')


def run_crds(text):
    done = subprocess.run('crds', input=text, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
