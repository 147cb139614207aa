"""What docs/operations.md says of backups: a stopped server's directory, and a running server's overrides."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
from contextlib import ExitStack

from processes import DEPLOY, Oasis, build_snapshots, health, program, run, wait_for


def overrides(server):
    """What holds there, but for who put it when."""
    listed = json.loads(run(program(), 'override', 'list', '--json', '--server', server.admin))['overrides']
    return {item['id']: {key: value for key, value in item.items() if key not in ('id', 'author', 'created', 'reason')}
            for item in listed}


class Backup(unittest.TestCase):
    def setUp(self):
        stack = ExitStack()
        self.addCleanup(stack.close)
        self.directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.server = stack.enter_context(Oasis(self.directory, 'old'))
        self.put('--suppress', '--licensor', 'Halcyon Records', '--for', '1h')
        self.put('--cap', '0.25', '--campaign=--odd name', '--surface', 'radio', '--market', 'SE', '--for', '2h')
        self.put('--set', '-1', '--item', 'spotify:track:6rqhFgbbKwnb9MLmUQDhG6', '--signal', 'promotion', '--for', '3h')

    def put(self, *words):
        run(program(), 'override', 'put', '--reason', 'a check', '--server', self.server.admin, *words)

    def put_on(self, server, listed, exit_code=0):
        """All that `listed` has; returns what was said."""
        done = subprocess.run([sys.executable, DEPLOY / 'put_overrides.py', server.admin, program()], input=listed, text=True,
                              check=False, capture_output=True)
        self.assertEqual(done.returncode, exit_code, done.stderr)
        return done.stderr

    def test_a_copy_of_a_stopped_servers_directory_answers_as_it_did(self):
        build_snapshots(self.directory, {'monday': (1, 0)}, tracks=2_000)
        self.server.load(self.directory / 'monday')
        held = overrides(self.server)
        self.server.stop()
        shutil.copytree(self.directory / 'old', self.directory / 'new')
        with Oasis(self.directory, 'new') as server:
            wait_for('the copy to serve', lambda: health(server.listen, '') == 'SERVING')
            self.assertEqual(overrides(server), held)

    def test_a_backup_in_the_place_of_what_came_after_it_is_what_was_backed_up(self):
        held = overrides(self.server)
        self.server.stop()
        store, backup = self.directory / 'old', self.directory / 'backup.tar'
        run('tar', '-C', self.directory, '-cf', backup, 'old')
        for _ in range(3):
            with Oasis(self.directory, 'old') as server:
                run(program(), 'override', 'put', '--suppress', '--licensor', 'Tidepool', '--for', '1h', '--reason', 'later',
                    '--server', server.admin)
                self.assertNotEqual(overrides(server), held)
        store.rename(self.directory / 'old.bad')
        run('tar', '-C', self.directory, '-xf', backup)
        with Oasis(self.directory, 'old') as server:
            self.assertEqual(overrides(server), held)

    def test_overrides_of_one_server_are_put_on_another_and_again(self):
        listed = run(program(), 'override', 'list', '--json', '--server', self.server.admin)
        with Oasis(self.directory, 'new') as server:
            for _ in range(2):
                self.put_on(server, listed)
                self.assertEqual(len(overrides(server)), 3)
                self.assertEqual(overrides(server), overrides(self.server))

    def test_one_that_is_refused_keeps_no_other_from_being_put(self):
        run(program(), 'override', 'put', '--suppress', '--licensor', 'Tidepool', '--for', '1h', '--id', 'long', '--reason', 'ö' * 505,
            '--server', self.server.admin)
        listed = json.loads(run(program(), 'override', 'list', '--json', '--server', self.server.admin))
        listed['overrides'].insert(0, {**listed['overrides'][0], 'id': 'bad', 'market': 'sweden'})
        with Oasis(self.directory, 'new') as server:
            said = self.put_on(server, json.dumps(listed), exit_code=1)
            self.assertIn('1 were not put, for the reasons above: bad', said)
            self.assertEqual(overrides(server), overrides(self.server))
            reasons = {item['id']: item['reason'] for item in json.loads(
                run(program(), 'override', 'list', '--json', '--server', server.admin))['overrides']}
            self.assertRegex(reasons['long'], r'^ö+ \(first put by .*\)$')
