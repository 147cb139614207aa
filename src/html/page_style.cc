#include "html/page.h"

namespace oasis {

// `before` is what there was, `after` what is new: in bars, areas and keys alike. Paper is always
// light. No child combinators, so that a page is well-formed XML but for its first line.
const char kPageStyle[] = R"(
:root { color-scheme: light; font: 15px/1.45 system-ui, sans-serif;
  --paper: #fff; --text: #1f2933; --soft: #52606d; --line: #e1e6eb; --strong: #b8c2cc; --axis: #829ab1;
  --before: #9fb3c8; --after: #d9480f;
  --pass: #2e7d46; --pass-text: #14532d; --pass-paper: #e6f4ea;
  --warn: #d99a00; --warn-text: #6b4700; --warn-paper: #fff4d6; --warn-row: #fffaee;
  --block: #c62828; --block-text: #7f1d1d; --block-paper: #fde4e1; --block-row: #fdf1ef; }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark;
  --paper: #14191f; --text: #e4e9ee; --soft: #a3b1bf; --line: #2b343d; --strong: #4a5763; --axis: #6f8498;
  --before: #5f7890; --after: #ff8a4c;
  --pass: #4caf6d; --pass-text: #b7e4c4; --pass-paper: #16311f;
  --warn: #d99a00; --warn-text: #ffdf91; --warn-paper: #3a2d0b; --warn-row: #241f12;
  --block: #e5534b; --block-text: #ffc9c4; --block-paper: #431a18; --block-row: #2a1817; } }
body { max-width: 76rem; margin: 2rem auto; padding: 0 1rem; background: var(--paper); color: var(--text);
  overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin-bottom: .3rem; }
h2 { font-size: 1.15rem; margin-top: 2.2rem; }
.banner { padding: .8rem 1rem; border-radius: .4rem; border-left: .5rem solid; margin: 1rem 0; }
.tag { padding: .05rem .5rem; border-radius: .6rem; font-weight: 600; white-space: nowrap; }
.pass.banner, .pass.tag { background: var(--pass-paper); color: var(--pass-text); border-color: var(--pass); }
.warn.banner, .warn.tag { background: var(--warn-paper); color: var(--warn-text); border-color: var(--warn); }
.block.banner, .block.tag { background: var(--block-paper); color: var(--block-text); border-color: var(--block); }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; border-bottom: 2px solid var(--strong); overflow-wrap: normal; }
td.text { min-width: 6.5rem; }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; }
td.figure { white-space: nowrap; }
tr.block td { background: var(--block-row); }
tr.warn td { background: var(--warn-row); }
details summary { cursor: pointer; margin: .8rem 0; }
.charts figure { margin: 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 1.2rem; }
figure { margin: 0 0 1.2rem; border: 1px solid var(--line); border-radius: .4rem; padding: .7rem; min-width: 0; }
figcaption { font-size: .85rem; color: var(--soft); }
figcaption b { color: var(--text); font-size: .95rem; }
svg { width: 100%; height: auto; display: block; margin-top: .4rem; }
svg text { font-size: 11px; fill: var(--soft); }
line.axis { stroke: var(--axis); }
line.zero { stroke: var(--axis); stroke-dasharray: 3 3; }
.key { display: inline-block; width: 1.2rem; height: .7rem; margin: 0 .3rem 0 .8rem; }
.keys .key:first-child { margin-left: 0; }
.key.before { background: var(--before); }
.key.after { background: var(--after); }
.key.line { height: 0; border-top: 2px solid var(--after); background: none; vertical-align: middle; }
@media print { body { max-width: none; margin: 0; font-size: 12px; print-color-adjust: exact; }
  h2 { break-after: avoid; } figure, tr { break-inside: avoid; }
  table { font-size: 10px; } th, td { padding: .15rem .3rem; } td.text { min-width: 4rem; } }
)";

}  // namespace oasis
