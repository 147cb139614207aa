"""The rules of Prometheus: they are valid, each alert is tested both ways and explained in the runbook."""
import re
import unittest

import yaml
from processes import DEPLOY, ROOT, run

RULES = DEPLOY / 'prometheus'
ALERT_TESTS = ROOT / 'tests/deploy/alerts'


def rules(kind):
    """{name: rule} of all `alert`s or `record`s."""
    files = [yaml.safe_load(path.read_text()) for path in sorted(RULES.glob('*.rules.yaml'))]
    return {rule[kind]: rule for file in files for group in file['groups'] for rule in group['rules'] if kind in rule}


def sections(page):
    """The anchors of a page's headings, as they are linked to."""
    headings = re.findall(r'^#+ (.+)$', page.read_text(), re.M)
    return {re.sub(r'[^\w -]', '', heading.lower()).replace(' ', '-') for heading in headings}


class Rules(unittest.TestCase):
    def test_promtool_accepts_the_configuration_and_the_rules_it_names(self):
        output = run('promtool', 'check', 'config', RULES / 'prometheus.yaml')
        for path in RULES.glob('*.rules.yaml'):
            self.assertIn(f'{path.name}', output)

    def test_every_alert_fires_when_it_should_and_only_then(self):
        run('promtool', 'test', 'rules', *sorted(ALERT_TESTS.glob('*.test.yaml')))

    def test_every_alert_is_tested_firing_and_silent(self):
        firing, silent = set(), set()
        for path in ALERT_TESTS.glob('*.test.yaml'):
            for test in yaml.safe_load(path.read_text())['tests']:
                for case in test['alert_rule_test']:
                    (firing if case.get('exp_alerts') else silent).add(case['alertname'])
        self.assertEqual(firing, set(rules('alert')))
        self.assertEqual(silent, set(rules('alert')))

    def test_every_alert_has_a_section_in_the_runbook_and_none_is_left_over(self):
        there = sections(ROOT / 'docs/runbook.md')
        for name, rule in rules('alert').items():
            with self.subTest(name):
                self.assertEqual(rule['annotations']['runbook'], f'docs/runbook.md#{name.lower()}')
                self.assertIn(name.lower(), there)
                self.assertIn(rule['labels']['severity'], ('page', 'ticket', 'info'))
        self.assertEqual({s for s in there if re.fullmatch('oasis[a-z]+', s)}, {name.lower() for name in rules('alert')})
