#!/usr/bin/env python3
"""The rules of the house that no compiler checks: who includes whom, sizes, leftovers, lists.

    tests/tidy_test.py               checks the project; prints file:line: rule for each violation
    tests/tidy_test.py --self-test   proves that every rule catches what it forbids
"""
import pathlib
import re
import subprocess
import sys
import unittest

# Folder of src/ -> the folders it may use besides itself, and the libraries it may include.
LAYERS = {
    'html': ((), ('absl',)),
    'machine': ((), ('absl',)),
    'score': ((), ('absl', 'xxhash')),
    'records': (('score',), ('absl', 'nlohmann', 'zlib', 'zstd')),
    'overrides': (('score',), ('absl',)),
    'live': (('score', 'overrides'), ('absl',)),
    'snapshot': (('machine', 'score', 'records', 'overrides', 'live', 'guardrails'), ('absl', 'xxhash', 'rocksdb', 'nlohmann')),
    'allocation': (('score',), ('absl',)),
    'problem_files': (('score', 'records', 'allocation'), ('absl',)),
    'guardrails': (('html', 'machine', 'score', 'overrides', 'live'), ('absl', 'nlohmann')),
    'metrics': ((), ('absl', 'civetweb', 'prometheus', 'zlib')),
    'rpc': (('score', 'overrides'), ('absl', 'grpc', 'grpc_server', 'openssl', 'proto', 'protobuf')),
    'serving': (('machine', 'score', 'overrides', 'live', 'metrics', 'rpc'),
                ('absl', 'grpc', 'grpc_server', 'proto', 'protobuf')),
    'admin': (('score', 'overrides', 'live', 'guardrails', 'snapshot', 'rpc'),
              ('absl', 'grpc', 'grpc_server', 'nlohmann', 'proto', 'protobuf')),
    'apps': (('html', 'machine', 'score', 'records', 'overrides', 'live', 'allocation', 'problem_files', 'guardrails', 'snapshot', 'metrics', 'rpc', 'serving', 'admin'),
             ('absl', 'grpc', 'grpc_server', 'proto', 'protobuf', 'nlohmann', 'spdlog', 'cli11')),
}

# Public header -> the folder it belongs to. Every folder may use those of 'any'.
PUBLIC_HEADERS = {
    'limits.h': 'any', 'status.h': 'any',
    'machine.h': 'machine',
    'gid.h': 'score', 'campaign.h': 'score', 'context.h': 'score', 'table.h': 'score', 'staleness.h': 'score',
    'compression.h': 'records',
    'overrides.h': 'overrides', 'live_tables.h': 'live', 'recent_requests.h': 'live',
    'override_book.h': 'snapshot',
    'allocation.h': 'allocation', 'allocation_problem.h': 'allocation',
    'allocation_recipes.h': 'allocation', 'allocation_report.h': 'allocation',
    'gate.h': 'guardrails', 'guardrails.h': 'guardrails',
    'problem_files.h': 'problem_files',
    'build.h': 'snapshot', 'diff.h': 'snapshot', 'manifest.h': 'snapshot', 'snapshot.h': 'snapshot',
    'store.h': 'snapshot', 'loader.h': 'snapshot', 'watcher.h': 'snapshot',
    'metrics.h': 'metrics',
    'call_record.h': 'serving', 'server.h': 'serving',
    'tls.h': 'rpc',
}

# How an include names a library; the first match counts.
LIBRARIES = [
    ('absl', r'absl/'), ('rocksdb', r'rocksdb/'), ('nlohmann', r'nlohmann/'), ('zlib', r'zlib\.h'),
    ('zstd', r'zstd(_errors)?\.h'), ('xxhash', r'xxhash\.h'), ('openssl', r'openssl/'), ('prometheus', r'prometheus/'),
    ('civetweb', r'civetweb\.h'),
    ('spdlog', r'spdlog/'), ('cli11', r'CLI/'),
    ('grpc_server', r'grpcpp/(server|ext/|health_check|resource_quota|security/server_)'),
    ('proto', r'(oasis/v1|grpc/health/v1)/'), ('grpc', r'(grpcpp|grpc)/'),
    ('protobuf', r'google/protobuf/'), ('test', r'(gtest|gmock)/'), ('benchmark', r'benchmark/'),
    ('system', r'[a-z0-9_]+$'),  # the C++ standard library
    ('system', r'(sys|linux|arpa|netinet|net)/\w+\.h$'),
    ('system', r'(dirent|dlfcn|errno|fcntl|inttypes|limits|math|netdb|poll|pthread|pwd|sched|signal|spawn|stddef'
               r'|malloc|stdint|stdio|stdlib|string|strings|termios|time|unistd|(imm|x86)intrin|arm_neon)\.h$'),
]

MAX_LINES = 300
HARD_MAX_LINES = 400
LONG_FILES = {}  # path -> why it may have more than MAX_LINES

# Written in two halves, so that this file does not violate its own rules.
LEFTOVERS = [
    (re.compile(r'\b(TO' r'DO|FIX' r'ME|XX' r'X|HA' r'CK)\b'), 'a leftover mark: do it or delete it'),
    (re.compile(r'(?<![\w.$}/])/(ho' r'me|ro' r'ot|Us' r'ers|wo' r'rk|t' r'mp)/\w'),
     'a path of one machine'),
]

DECISION_FIELDS = ['Context', 'Choice', 'Why', 'Cost', 'Revisit']


def guard_of(path):
    """include/oasis/table.h -> OASIS_TABLE_H_, src/score/region.h -> OASIS_SCORE_REGION_H_."""
    inner = re.sub(r'^(include/oasis|src)/', '', path)
    return 'OASIS_' + re.sub(r'[/.]', '_', inner).upper() + '_'


class Tidy:
    """Checks one tree. `files` are paths relative to `root`."""

    def __init__(self, root, files):
        self.root = pathlib.Path(root)
        self.files = files
        self.violations = []
        self.types = {}  # namespace::type -> the file of src/ or include/ that defines it

    def report(self, path, line, message):
        self.violations.append(f'{path}:{line}: {message}')

    def check(self):
        for path in self.files:
            try:
                text = (self.root / path).read_text()
            except UnicodeDecodeError:
                continue  # not a text
            self.check_leftovers(path, text)
            if path.endswith(('.h', '.cc')):
                self.check_size(path, text)
                self.check_includes(path, text)
                self.check_types(path, text)
            if path.endswith('.h'):
                self.check_guard(path, text)
            if path.startswith('docs/decisions/'):
                self.check_decision(path, text)
            if path.endswith('.md'):
                self.check_links(path, text)
            if path.startswith(('src/', 'tests/')) and path.endswith(('.cc', '_test.py')):
                self.check_listed(path)
        return self.violations

    def check_leftovers(self, path, text):
        for number, line in enumerate(text.splitlines(), 1):
            for pattern, message in LEFTOVERS:
                if pattern.search(line):
                    self.report(path, number, f'{message}: {line.strip()}')

    def check_size(self, path, text):
        lines = text.count('\n')
        if lines > HARD_MAX_LINES:
            self.report(path, lines, f'{lines} lines; {HARD_MAX_LINES} is the most: split it')
        elif lines > MAX_LINES and path not in LONG_FILES:
            self.report(path, lines, f'{lines} lines; split it, or list it in LONG_FILES with a reason')

    def check_guard(self, path, text):
        guard = guard_of(path)
        if not re.search(rf'^#ifndef {guard}\n#define {guard}$', text, re.M):
            self.report(path, 1, f'has no header guard {guard}')

    def check_types(self, path, text):
        """Two types of one name break the one-definition rule: the linker takes either's functions."""
        if not path.startswith(('src/', 'include/')):
            return
        blank = lambda match: re.sub('[^\n]', '', match.group(0))
        text = re.sub(r'^namespace \{\n.*?^\}  // namespace$', blank, text, flags=re.M | re.S)
        namespace = ''
        for number, line in enumerate(text.splitlines(), 1):
            if match := re.match(r'namespace ([\w:]+) \{', line):
                namespace = match.group(1)
            if match := re.match(r'(?:class|struct|enum class) (?:alignas\(\w+\) )?(\w+)\b[^;]*$', line):
                name = f'{namespace}::{match.group(1)}'
                if '::' in line.split('{')[0].split(' : ')[0].split(match.group(1), 1)[1]:
                    continue  # A::B, declared in A's header
                if self.types.setdefault(name, path) != path:
                    self.report(path, number, f'{name} is the name of another type in {self.types[name]}')

    def check_includes(self, path, text):
        folder, folders, libraries = self.allowance(path)
        if folder is None:
            return
        for number, line in enumerate(text.splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            if not match:
                continue
            wanted = match.group(1)
            owner, library = self.classify(path, wanted)
            if owner is not None and owner not in folders:
                self.report(path, number, f'{folder} must not use {owner} ({wanted})')
            if library is not None and library not in libraries:
                self.report(path, number, f'{folder} must not use {library} ({wanted})')

    def allowance(self, path):
        """The name for messages, the folders and the libraries a file may include."""
        parts = path.split('/')
        everything = set().union(*(libraries for _, libraries in LAYERS.values()))
        if path.startswith('include/oasis/'):
            folder = PUBLIC_HEADERS.get(parts[2])
            if folder is None:
                self.report(path, 1, 'a public header without an owner: add it to PUBLIC_HEADERS')
                return None, (), ()
        elif parts[0] == 'src' and len(parts) > 2:
            folder = parts[1]
        elif path.startswith('tests/unit/') and len(parts) > 3:
            folder = parts[2]
        elif parts[0] == 'tests':
            return parts[1], {'any', 'support', *LAYERS}, everything | {'system', 'test', 'benchmark'}
        else:
            return None, (), ()
        if folder == 'any':
            return path, {'any'}, {'absl', 'system'}
        if folder not in LAYERS:
            self.report(path, 1, f'folder {folder} has no place in LAYERS')
            return None, (), ()
        folders, libraries = LAYERS[folder]
        folders, libraries = {'any', folder, *folders}, {'system', *libraries}
        if parts[0] == 'tests':
            folders.add('support')
            libraries.add('test')
        return folder, folders, libraries

    @staticmethod
    def classify(path, wanted):
        """(owning folder or None, library or None) of an include."""
        if wanted.startswith('oasis/') and '/' not in wanted[len('oasis/'):]:
            return PUBLIC_HEADERS.get(wanted[len('oasis/'):], wanted), None
        first = wanted.split('/')[0]
        if '/' in wanted and (first in LAYERS or first == 'support'):
            return first, None
        if wanted.startswith(('unit/', 'integration/', 'fault/', 'hostile/', 'bench/')) and path.startswith('tests/'):
            return None, None
        for library, pattern in LIBRARIES:
            if re.match(pattern, wanted):
                return None, library
        return None, 'an unknown library or a path without its folder'

    def check_decision(self, path, text):
        if not re.fullmatch(r'docs/decisions/\d{4}-[a-z0-9-]+\.md', path):
            self.report(path, 1, 'is not named NNNN-words-in-lower-case.md')
        found = re.findall(r'^[-*\s]*(' + '|'.join(DECISION_FIELDS) + r')\W+\w', text, re.M)
        if found != DECISION_FIELDS:
            self.report(path, 1, f'must have {", ".join(DECISION_FIELDS)}, each once, has: {found}')
        number = path.split('/')[-1][:4]
        same = [p for p in self.files if p.startswith(f'docs/decisions/{number}')]
        if len(same) > 1:
            self.report(path, 1, f'shares its number with {[p for p in same if p != path]}')

    def check_links(self, path, text):
        for number, line in enumerate(text.splitlines(), 1):
            for target in re.findall(r'\]\(([^)\s]+)\)', line):
                file = target.split('#')[0]
                if file and '://' not in file and not (self.root / path).parent.joinpath(file).exists():
                    self.report(path, number, f'links to {file}, which is not there')

    def check_listed(self, path):
        """A source that no CMakeLists.txt names is never compiled, a test never run."""
        directory = next((d for d in pathlib.PurePath(path).parents
                          if (self.root / d / 'CMakeLists.txt').exists()), None)
        if directory in (None, pathlib.PurePath('.')):
            self.report(path, 1, 'has no CMakeLists.txt in its folder or above')
            return
        name = str(pathlib.PurePath(path).relative_to(directory))
        stem, suffix = re.escape(name.rsplit('.', 1)[0]), re.escape(name.rsplit('.', 1)[1])
        text = re.sub('#.*', '', (self.root / directory / 'CMakeLists.txt').read_text())
        if not re.search(rf'(?<![\w./]){stem}(\.{suffix})?(?![\w./])', text):
            self.report(path, 1, f'is not listed in {directory}/CMakeLists.txt')


def files_of(root):
    """The files of the project: what git tracks or would track; without git, all but build/."""
    git = subprocess.run(['git', '-c', f'safe.directory={root}', '-C', str(root), 'ls-files', '--cached',
                          '--others', '--exclude-standard'], capture_output=True, text=True, check=False)
    if git.returncode == 0:
        names = git.stdout.splitlines()
    else:
        names = [str(p.relative_to(root)) for p in root.rglob('*')]
    return sorted({n for n in names if (root / n).is_file() and not n.startswith(('build/', '.git/'))})


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    if '--self-test' in sys.argv:
        sys.path.insert(0, str(root / 'tests'))
        return not unittest.main(module='tidy_self_test', argv=sys.argv[:1], exit=False).result.wasSuccessful()
    files = files_of(root)
    violations = Tidy(root, files).check()
    print('\n'.join(violations + [f'{len(files)} files, {len(violations)} violations']))
    return bool(violations)


if __name__ == '__main__':
    sys.exit(main())
