"""Two servers under load, one of them by TLS, scraped by a real Prometheus: every query of dashboards and rules has an answer."""
import json
import math
import pathlib
import re
import tempfile
import time
import unittest
from contextlib import ExitStack

from processes import DEPLOY, Oasis, Process, Prometheus, build_snapshots, certificates, program, run, wait_for
from rules import rules

CLIENT_ITEMS = 100_000  # a second; twice what the load takes, half of what a greedy client wants
GREEDY_BATCH = 4_000
LOAD_SECONDS = 600  # at most; it ends with the tests
SCRAPES_SECONDS = 12  # until a rate over 10 s is one

# What Grafana would put in.
VARIABLES = {'$job': 'oasis', '$instance': '.*', '$__rate_interval': '10s', '$__interval': '10s'}


def filled(expression):
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


def dashboards():
    return {path.name: json.loads(path.read_text()) for path in sorted((DEPLOY / 'grafana').glob('*.json'))}


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        build_snapshots(directory, {'monday': (1, 0), 'tuesday': (1, 1), 'another-catalogue': (2, 0)})
        certificates(directory, days=7)
        flags = ('--max-age', '1h', '--client-items-per-second', CLIENT_ITEMS)
        tls = ('--tls-cert', directory / 'server.pem', '--tls-key', directory / 'server.key')
        (directory / 'roles.json').write_text('{"CN:server": ["admin"]}')
        admin_tls = ('--admin-tls-cert', directory / 'server.pem', '--admin-tls-key', directory / 'server.key',
                     '--admin-tls-client-ca', directory / 'ca.pem', '--admin-roles', directory / 'roles.json')
        plain = stack.enter_context(Oasis(directory, 'a', *flags))
        by_tls = stack.enter_context(Oasis(directory, 'b', *flags, *tls, *admin_tls))
        by_tls.client = ('--tls-ca', directory / 'ca.pem', *tls)
        servers = [plain, by_tls]

        def call(server, *words):
            if server is by_tls:
                words += ('--tls-ca', directory / 'ca.pem')
            stack.enter_context(Process(
                directory / 'load.log', program(), 'loadtest', '--server', server.listen, '--duration', f'{LOAD_SECONDS}s',
                '--ids', directory / 'monday-data/tracks.csv', '--allow-errors', *words))

        cls.prometheus = stack.enter_context(Prometheus(directory, [server.metrics for server in servers]))
        for server in servers:
            server.load(directory / 'monday')
            call(server, '--rate', 100)
            call(server, '--rate', 2 * CLIENT_ITEMS // GREEDY_BATCH, '--batch', GREEDY_BATCH, '--client', 'greedy')
        cls.wait_for_scrape_of(servers)
        for server in servers:
            server.load(directory / 'tuesday')
        track = (directory / 'monday-data/tracks.csv').read_text().split('\n')[1].split(',')[0]
        run(program(), 'scores', 'explain', '--server', servers[0].listen, '--surface', 'radio', track)
        run(program(), 'override', 'put', '--suppress', '--item', track, '--for', '1h', '--reason', 'a check',
            '--server', servers[0].admin)
        refused = run(program(), 'snapshot', 'load', directory / 'another-catalogue', '--server', servers[0].admin,
                      fails=True)
        assert 'blocked' in refused, refused
        time.sleep(SCRAPES_SECONDS)

    @classmethod
    def wait_for_scrape_of(cls, servers):
        """So that what is counted from now on is an increase."""
        wait_for('both servers to be scraped',
                 lambda: cls.prometheus.query('sum(oasis_snapshot_info)') == [({}, len(servers))])

    def has_answer(self, expression):
        values = [value for _, value in self.prometheus.query(expression)]
        self.assertTrue(any(math.isfinite(value) for value in values), f'{expression} returns {values or "nothing"}')

    def test_no_query_of_a_dashboard_returns_nothing(self):
        for name, dashboard in dashboards().items():
            for panel in dashboard['panels']:
                for target in panel.get('targets', ()):
                    with self.subTest(f'{name}: {panel["title"]}'):
                        self.has_answer(filled(target['expr']))
            for annotation in dashboard['annotations']['list']:
                with self.subTest(f'{name}: {annotation["name"]}'):
                    self.has_answer(filled(annotation['expr']).replace('[10s]', '[1m]'))

    def test_a_client_that_asked_for_more_than_its_rate_was_refused_on_each_server(self):
        for address in self.prometheus.get('label/instance/values', **{'match[]': 'oasis_serving'}):
            rates = self.prometheus.query(
                f'rate(oasis_refused_requests_total{{instance="{address}", reason="client_rate"}}[10s]) > 0')
            self.assertEqual(len(rates), 1, address)

    def test_every_variable_of_a_dashboard_has_values(self):
        for dashboard in dashboards().values():
            for variable in dashboard['templating']['list']:
                if variable['type'] == 'query':
                    series, label = re.fullmatch(r'label_values\((.+), (\w+)\)', variable['query']['query']).groups()
                    values = self.prometheus.get(f'label/{label}/values', **{'match[]': filled(series)})
                    self.assertTrue(values, variable['name'])

    def test_every_recorded_series_is_there(self):
        for name in rules('record'):
            with self.subTest(name):
                self.has_answer(name)

    def test_every_rule_is_evaluated_without_an_error(self):
        for group in self.prometheus.get('rules')['groups']:
            for rule in group['rules']:
                self.assertEqual(rule['health'], 'ok', rule.get('lastError'))

    def test_every_metric_of_a_rule_is_one_that_the_server_has(self):
        for name, rule in (rules('alert') | rules('record')).items():
            metrics = re.findall(r'\b(?:(?:job|instance):[\w:]+|oasis_\w+|process_\w+|up\b)', rule['expr'])
            self.assertTrue(metrics or 'vector(' in rule['expr'], name)
            for metric in metrics:
                with self.subTest(f'{name}: {metric}'):
                    self.has_answer(f'count({metric})')

    def test_alerts_fire_for_what_happened_here(self):
        firing = {labels['alertname'] for labels, _ in self.prometheus.query('ALERTS{alertstate="firing"}')}
        pending = {labels['alertname'] for labels, _ in self.prometheus.query('ALERTS{alertstate="pending"}')}
        self.assertLessEqual({'OasisSnapshotRefused', 'OasisOverrideExpires', 'OasisOverridesLost', 'OasisCertificateExpires'}, firing)
        self.assertIn('OasisOverridesDiffer', pending)  # the other server was not told
        quiet = {'OasisNotServing', 'OasisStale', 'OasisSnapshotAges', 'OasisSnapshotSkew', 'OasisVersionSkew',
                 'OasisMemoryHeadroom', 'OasisFileDescriptors', 'OasisCertificateExpiresNow', 'OasisCertificateRefused',
                 'OasisAdminRolesRefused'}
        self.assertFalse(quiet & (firing | pending))


class Dashboards(unittest.TestCase):
    def test_panels_have_ids_of_their_own_and_do_not_overlap(self):
        for name, dashboard in dashboards().items():
            ids = [panel['id'] for panel in dashboard['panels']]
            self.assertEqual(len(ids), len(set(ids)), name)
            cells = [(x, y) for panel in dashboard['panels'] for grid in [panel['gridPos']]
                     for x in range(grid['x'], grid['x'] + grid['w']) for y in range(grid['y'], grid['y'] + grid['h'])]
            self.assertEqual(len(cells), len(set(cells)), name)
            self.assertLess(max(x for x, _ in cells), 24, name)

    def test_every_panel_asks_the_data_source_that_the_reader_chose(self):
        for dashboard in dashboards().values():
            for panel in dashboard['panels']:
                if panel['type'] != 'row':
                    self.assertEqual(panel['datasource']['uid'], '${datasource}', panel['title'])
                    self.assertTrue(panel['targets'], panel['title'])
