"""Proves that every rule of tests/tidy_test.py catches what it forbids, and lets the rest pass."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import tidy_test  # pylint: disable=wrong-import-position

DECISION = '# 1. A title\n\n' + ''.join(f'- **{f}:** words.\n' for f in tidy_test.DECISION_FIELDS)
HEADER = '#ifndef OASIS_SCORE_SMALL_H_\n#define OASIS_SCORE_SMALL_H_\n{}#endif  // OASIS_SCORE_SMALL_H_\n'
LIST = 'oasis_library(oasis_x SOURCES one.cc two.cc)\noasis_test(one_test LABELS unit)\n'


class TidySelfTest(unittest.TestCase):
    def violations(self, tree):
        with tempfile.TemporaryDirectory() as root:
            for path, text in tree.items():
                file = pathlib.Path(root, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            return tidy_test.Tidy(root, sorted(tree)).check()

    def assert_caught(self, path, text, message, tree=()):
        found = self.violations({**dict(tree), path: text})
        self.assertEqual(len(found), 1, found)
        self.assertIn(message, found[0])
        self.assertTrue(found[0].startswith(path + ':'), found[0])

    def assert_include_caught(self, path, include, message):
        directory = path.rsplit('/', 1)[0]
        name = path.rsplit('/', 1)[1].split('.')[0]
        self.assert_caught(path, f'#include {include}\n', message,
                           {f'{directory}/CMakeLists.txt': f'{name}.cc\n'})

    def test_two_types_of_one_name(self):
        tree = {'src/score/CMakeLists.txt': LIST, 'src/score/one.cc': 'namespace oasis {\nstruct Same {\n'}
        self.assert_caught('src/score/two.cc', 'namespace oasis {\nclass Same final : public Base {\n',
                           'oasis::Same is the name of another type in src/score/one.cc', tree)

    def test_types_of_one_name_out_of_sight_of_each_other(self):
        self.assertEqual(self.violations({
            'src/score/CMakeLists.txt': LIST,
            'src/score/one.cc': 'namespace oasis {\nclass Same;\nstruct Same {\n};\nstruct Same::Rep {\n',
            'src/score/two.cc': 'namespace oasis {\nnamespace {\nstruct Same {\n};\n}  // namespace\n'}), [])

    def test_a_good_tree_passes(self):
        self.assertEqual(self.violations({
            'src/score/CMakeLists.txt': LIST,
            'src/score/one.cc': '#include "score/small.h"\n#include <sys/mman.h>\n#include <vector>\n'
                                '#include "absl/status/status.h"\n#include "oasis/limits.h"\n',
            'src/score/small.h': HEADER.format('#include <xxhash.h>\n'),
            'src/serving/CMakeLists.txt': LIST,
            'src/serving/one.cc': '#include <grpcpp/server.h>\n#include "oasis/table.h"\n'
                                  '#include "oasis/v1/promotion_scores.pb.h"\n',
            'tests/unit/snapshot/CMakeLists.txt': LIST,
            'tests/unit/snapshot/one_test.cc': '#include <rocksdb/db.h>\n#include <gtest/gtest.h>\n'
                                               '#include "support/test_support.h"\n',
            'docs/decisions/0001-some-words.md': DECISION,
            'README.md': 'See [why](docs/decisions/0001-some-words.md#x), https://example.com/ho' 'me/a.\n',
        }), [])

    def test_catches_a_lower_folder_that_uses_an_upper_one(self):
        self.assert_include_caught('src/score/one.cc', '"oasis/manifest.h"', 'must not use snapshot')
        self.assert_include_caught('src/score/one.cc', '"snapshot/checksum.h"', 'must not use snapshot')
        self.assert_include_caught('src/snapshot/one.cc', '"oasis/server.h"', 'must not use serving')
        self.assert_include_caught('src/serving/one.cc', '"oasis/store.h"', 'must not use snapshot')
        self.assert_include_caught('src/metrics/one.cc', '"oasis/table.h"', 'must not use score')
        self.assert_include_caught('src/admin/one.cc', '"oasis/server.h"', 'must not use serving')
        self.assert_include_caught('src/admin/one.cc', '"apps/config.h"', 'must not use apps')

    def test_catches_a_library_outside_its_folder(self):
        self.assert_include_caught('src/score/one.cc', '<rocksdb/db.h>', 'must not use rocksdb')
        self.assert_include_caught('src/apps/one.cc', '<rocksdb/db.h>', 'must not use rocksdb')
        self.assert_include_caught('src/serving/one.cc', '<prometheus/registry.h>', 'must not use prometheus')
        self.assert_include_caught('src/apps/one.cc', '<prometheus/registry.h>', 'must not use prometheus')
        self.assert_include_caught('src/snapshot/one.cc', '<grpcpp/server.h>', 'must not use grpc_server')
        self.assert_include_caught('src/snapshot/one.cc', '<grpcpp/channel.h>', 'must not use grpc')
        self.assert_include_caught('src/snapshot/one.cc', '"oasis/v1/snapshot_admin.pb.h"', 'must not use proto')
        self.assert_include_caught('src/snapshot/one.cc', '<spdlog/spdlog.h>', 'must not use spdlog')
        self.assert_include_caught('src/score/one.cc', '<gtest/gtest.h>', 'must not use test')
        self.assert_include_caught('src/apps/one.cc', '<boost/asio.hpp>', 'unknown library')
        self.assert_include_caught('src/score/one.cc', '"small.h"', 'without its folder')

    def test_a_unit_test_obeys_the_rules_of_its_folder(self):
        self.assert_include_caught('tests/unit/score/one_test.cc', '"oasis/store.h"', 'must not use snapshot')
        self.assert_include_caught('tests/unit/serving/one_test.cc', '<rocksdb/db.h>', 'must not use rocksdb')

    def test_a_public_header_obeys_the_rules_of_its_owner(self):
        guard = '#ifndef OASIS_{0}_H_\n#define OASIS_{0}_H_\n{1}#endif\n'
        self.assert_caught('include/oasis/gid.h', guard.format('GID', '#include "oasis/store.h"\n'),
                           'score must not use snapshot')
        self.assert_caught('include/oasis/limits.h', guard.format('LIMITS', '#include "oasis/gid.h"\n'),
                           'must not use score')
        self.assert_caught('include/oasis/new.h', guard.format('NEW', ''), 'without an owner')

    def test_catches_an_unknown_folder(self):
        self.assert_caught('src/other/one.h', '#ifndef OASIS_OTHER_ONE_H_\n#define OASIS_OTHER_ONE_H_\n',
                           'no place in LAYERS')

    def test_catches_a_long_file(self):
        tree = {'src/score/CMakeLists.txt': LIST}
        self.assert_caught('src/score/one.cc', '\n' * 301, '301 lines; split it, or list it', tree)
        self.assert_caught('src/score/one.cc', '\n' * 401, '401 lines; 400 is the most', tree)

    def test_catches_leftover_marks(self):
        for mark in ('TO' 'DO', 'FIX' 'ME', 'XX' 'X', 'HA' 'CK'):
            self.assert_caught('docs/page.md', f'text\n// {mark}: later\n', ':2: a leftover mark')

    def test_catches_paths_of_one_machine(self):
        for start in ('/ho' 'me/', '/ro' 'ot/', '/Us' 'ers/', '/wo' 'rk/', '/t' 'mp/'):
            self.assert_caught('docs/page.md', f'see {start}someone/x\n', 'a path of one machine')

    def test_catches_a_missing_or_wrong_header_guard(self):
        self.assert_caught('src/score/small.h', '#pragma once\n', 'header guard OASIS_SCORE_SMALL_H_')
        self.assert_caught('src/score/large.h', HEADER.format(''), 'header guard OASIS_SCORE_LARGE_H_')

    def test_catches_a_bad_decision_record(self):
        good = 'docs/decisions/0001-some-words.md'
        for field in tidy_test.DECISION_FIELDS:
            self.assert_caught(good, DECISION.replace(f'**{field}:**', ''), 'each once')
        self.assert_caught(good, DECISION.replace('**Why:** words.', '**Why:**'), 'each once')
        self.assert_caught('docs/decisions/first.md', DECISION, 'is not named')
        found = self.violations({good: DECISION, 'docs/decisions/0001-others.md': DECISION})
        self.assertEqual(len(found), 2, found)
        self.assertIn('shares its number', found[0])

    def test_catches_a_dead_link(self):
        self.assert_caught('README.md', '[a](docs/none.md)\n', 'links to docs/none.md')

    def test_catches_sources_and_tests_that_are_not_listed(self):
        tree = {'src/score/CMakeLists.txt': LIST, 'tests/unit/score/CMakeLists.txt': LIST}
        self.assert_caught('src/score/three.cc', '', 'not listed in src/score/CMakeLists.txt', tree)
        self.assert_caught('tests/unit/score/two_test.cc', '', 'not listed in tests/unit', tree)
        self.assert_caught('src/score/deep/one.cc', '', 'not listed in src/score', tree)
        self.assert_caught('src/metrics/one.cc', '', 'has no CMakeLists.txt')


if __name__ == '__main__':
    unittest.main()
