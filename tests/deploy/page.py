"""The status page of a real server in Debian's Chromium: in light, in dark, and on a narrow screen."""
import html
import json
import pathlib
import re
import struct
import tempfile
import unittest
import zlib
from contextlib import ExitStack

from processes import Oasis, build_snapshots, direct_get, program, run, run_both

WIDTH, HEIGHT, NARROW = 1000, 1400, 420
PATIENCE_SECONDS = 120  # a browser starts slowly on a busy machine
HEADINGS = ['Oasis is serving', 'Live tables', 'Last loads', 'Traffic', 'Overrides', 'Snapshots to go back to']
DARK = '--blink-settings=preferredColorScheme=0'
LIGHT = '--blink-settings=preferredColorScheme=1'

# Around the page as it is, since it has no script itself and lets none in.
FRAME = '''<!doctype html><body style="margin:0">
<iframe id="page" style="width:{width}px;height:{height}px;border:0" srcdoc="{page}"></iframe>
<script>onload = () => {{
  const inside = page.contentWindow, root = inside.document.documentElement;
  document.title = JSON.stringify({{
    width: root.clientWidth, scrollWidth: root.scrollWidth, scripts: inside.document.scripts.length,
    requests: inside.performance.getEntriesByType("resource").map(entry => entry.name),
    headings: [...inside.document.querySelectorAll("h1, h2")].map(heading => heading.textContent)}});
}};</script>'''


class Png:
    """As much of a picture as tells whether anything is drawn: RGB or RGBA of 8 bits, as Chromium writes."""

    def __init__(self, path):
        data, at, packed = path.read_bytes(), 8, b''
        while at < len(data):
            length, kind = struct.unpack('>I4s', data[at:at + 8])
            body = data[at + 8:at + 8 + length]
            if kind == b'IHDR':
                self.width, self.height, depth, color = struct.unpack('>IIBB', body[:10])
                assert depth == 8 and color in (2, 6), (depth, color)
            elif kind == b'IDAT':
                packed += body
            at += 12 + length
        lines = zlib.decompress(packed)
        step = len(lines) // self.height
        self.corner = tuple(lines[1:4])  # no filter changes the first pixel
        self.kinds_of_lines = len({lines[line:line + step] for line in range(0, len(lines), step)})


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        cls.directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        build_snapshots(cls.directory, {'monday': (1, 0), 'tuesday': (1, 1), 'another-catalogue': (2, 0)})
        server = stack.enter_context(Oasis(cls.directory, 'store'))
        for day in ('monday', 'tuesday'):
            server.load(cls.directory / day)
        tracks = cls.directory / 'monday-data/tracks.csv'
        run(program(), 'loadtest', '--server', server.listen, '--duration', '1s', '--rate', 50, '--ids', tracks)
        run(program(), 'override', 'put', '--suppress', '--item', tracks.read_text().split('\n')[1].split(',')[0], '--for', '1h',
            '--reason', 'a check of the page', '--server', server.admin)
        run(program(), 'snapshot', 'load', cls.directory / 'another-catalogue', '--server', server.admin, fails=True)
        cls.address = f'http://{server.metrics}/still'
        cls.text = direct_get(cls.address)

    def chromium(self, *words):
        """What it prints, and what it says on the side."""
        with tempfile.TemporaryDirectory() as profile:
            return run_both('chromium', '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
                            '--disable-background-networking', '--disable-component-update', '--hide-scrollbars',
                            '--enable-logging=stderr', f'--user-data-dir={profile}', *words, patience=PATIENCE_SECONDS)

    def picture(self, name, address, *words):
        path = self.directory / f'{name}.png'
        _, said = self.chromium(f'--screenshot={path}', *words, address)
        self.assertNotIn('CONSOLE', said)  # an error of a script, or of something that it may not load
        return Png(path)

    def framed(self, width):
        path = self.directory / f'{width}.html'
        path.write_text(FRAME.format(width=width, height=HEIGHT, page=html.escape(self.text)))
        return path.as_uri()

    def measured(self, width):
        shown, said = self.chromium('--dump-dom', self.framed(width))
        self.assertNotIn('CONSOLE', said)
        return json.loads(html.unescape(re.search('<title>(.*?)</title>', shown).group(1)))

    def test_it_is_drawn_in_the_colours_that_the_reader_prefers(self):
        for name, flag, is_good in (('light', LIGHT, lambda shade: shade > 200), ('dark', DARK, lambda shade: shade < 80)):
            with self.subTest(name):
                picture = self.picture(name, self.address, flag, f'--window-size={WIDTH},{HEIGHT}')
                self.assertEqual((picture.width, picture.height), (WIDTH, HEIGHT))
                self.assertGreater(picture.kinds_of_lines, HEIGHT // 4)
                self.assertTrue(all(map(is_good, picture.corner)), picture.corner)

    def test_it_is_drawn_on_a_narrow_screen(self):
        picture = self.picture('narrow', self.framed(NARROW), f'--window-size={NARROW},{HEIGHT}')
        self.assertGreater(picture.kinds_of_lines, HEIGHT // 4)

    def test_it_has_its_sections_loads_nothing_runs_nothing_and_fits_every_width(self):
        for width in (WIDTH, NARROW):
            with self.subTest(width):
                seen = self.measured(width)
                self.assertEqual(seen['width'], width)
                self.assertLessEqual(seen['scrollWidth'], width)
                self.assertEqual((seen['requests'], seen['scripts']), ([], 0))
                self.assertEqual([heading for heading in HEADINGS if heading not in seen['headings']], [])

    def test_it_tells_of_the_override_and_of_the_load_that_was_refused(self):
        shown, _ = self.chromium('--dump-dom', self.address)
        self.assertIn('a check of the page', shown)
        self.assertIn('another-catalogue', shown)
        self.assertIn('blocked', shown)
