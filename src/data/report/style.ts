/** The report's style sheet: light, dark and print from one set of colours. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --ink: #22262b; --soft: #62686f; --faint: #e4e5e2; --panel: #f4f4f0;
  --now: #2a6592; --later: #b2661d; --prior: #8a5a83; --warn: #9a3b26; --exact: #111;
  --c0: #2a6592; --c1: #b2661d; --c2: #4a7c59; --c3: #8a5a83; --c4: #9a3b26; --c5: #6b7280;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16191d; --ink: #e2e4e6; --soft: #9aa1a9; --faint: #2d3238; --panel: #1d2126;
    --now: #74b0de; --later: #e0a05c; --prior: #c39bbd; --warn: #e58a73; --exact: #fff;
    --c0: #74b0de; --c1: #e0a05c; --c2: #86bd96; --c3: #c39bbd; --c4: #e58a73; --c5: #a6adb8;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, serif;
  -webkit-print-color-adjust: exact; print-color-adjust: exact;
}
main { max-width: 1060px; margin: 0 auto; padding: 40px 28px 64px; }
h1 { font-size: 30px; line-height: 1.2; font-weight: 600; margin: 0; }
h2 { font-size: 20px; font-weight: 600; margin: 44px 0 4px; padding-top: 14px; border-top: 1px solid var(--faint); }
p { margin: 0 0 14px; max-width: 58em; }
.lead, .caption { color: var(--soft); }
.lead { font-size: 17px; margin: 4px 0 18px; }
.caption { font-size: 15px; }
.verdict { font-size: 20px; line-height: 1.35; margin: 10px 0 14px; }
code, .facts dd.command { font: 13px/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 3px 18px; margin: 0; font-size: 15px; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.legend { margin-top: 12px; font-size: 14px; color: var(--soft); }
.legend dt { color: var(--ink); }
.warnings { margin: 18px 0 0; padding: 10px 16px 10px 34px; border-left: 3px solid var(--warn); background: var(--panel); }
.warnings li { margin: 0 0 7px; max-width: 58em; }
.warnings li:last-child { margin-bottom: 0; }
.warnings li::marker { color: var(--warn); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font: 14px/1.4 system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 0 4px 26px; text-align: right; white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
thead th { color: var(--soft); font-weight: 500; border-bottom: 1px solid var(--ink); }
tbody tr:not(:last-child) td { border-bottom: 1px solid var(--faint); }
.grid3 { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 18px 26px; }
.stack { display: grid; gap: 16px; overflow-x: auto; }
.grid3 + .stack { margin-top: 18px; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
.grid3 svg { max-width: 440px; }
.stack svg { min-width: 640px; }
svg svg { overflow: hidden; display: inline; width: auto; }
svg text { font: 11px system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif; fill: var(--soft); font-variant-numeric: tabular-nums; }
svg text.title { font-size: 13px; font-weight: 600; fill: var(--ink); }
svg text.halo { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; fill: var(--ink); }
svg path { fill: none; stroke-linecap: round; stroke-linejoin: round; }
.grid { stroke: var(--faint); }
.axis { stroke: var(--soft); }
.rule { stroke: var(--soft); stroke-dasharray: 2 4; }
.cell { fill: none; stroke: var(--faint); }
svg path.bars { fill: var(--now); fill-opacity: .42; }
svg path.pixel { fill: var(--ink); } svg path.pixel.now { fill: var(--now); } svg path.pixel.later { fill: var(--later); }
.prior { stroke: var(--prior); stroke-width: 1.6; stroke-dasharray: 5 4; }
.interval { stroke: var(--now); stroke-width: 2; }
.median { stroke: var(--now); stroke-width: 7; }
.draw { stroke: var(--now); stroke-width: 2.4; stroke-opacity: .3; }
.draw.part { stroke: var(--c5); stroke-width: 2; stroke-opacity: .22; }
.draw.exact { stroke: var(--exact); stroke-opacity: .45; stroke-width: 2; }
.divergent { stroke: var(--warn); --key: var(--warn); stroke-width: 4; }
.divergent.small { stroke-width: 3.2; }
.forest90 { stroke-width: 1.4; }
.forest50 { stroke-width: 3.6; }
.forest_median { stroke-width: 6.5; }
svg path.band90 { fill-opacity: .16; }
svg path.band50 { fill-opacity: .26; }
svg path.band90.now, svg path.band50.now { fill: var(--now); }
svg path.band90.later, svg path.band50.later { fill: var(--later); }
.line { stroke-width: 1.6; }
.line.now, .knot.now { stroke: var(--now); }
.line.later, .knot.later { stroke: var(--later); }
.line.exact { stroke: var(--exact); stroke-dasharray: 6 4; }
.dashed { stroke-dasharray: 3 3; }
.line.thin { stroke-width: .9; stroke-opacity: .8; }
.line.faint { stroke-opacity: .45; stroke-width: 1.1; }
.knot { stroke-width: 4; }
.observed { stroke: var(--ink); stroke-width: 5; }
.observed.small { stroke-width: 2.6; }
.colour0 { stroke: var(--c0); --key: var(--c0); } .colour1 { stroke: var(--c1); --key: var(--c1); }
.colour2 { stroke: var(--c2); --key: var(--c2); } .colour3 { stroke: var(--c3); --key: var(--c3); }
.colour4 { stroke: var(--c4); --key: var(--c4); } .colour5 { stroke: var(--c5); --key: var(--c5); }
.key { white-space: nowrap; margin-left: 6px; }
.key::before { content: ''; display: inline-block; width: 18px; height: 2px; margin: 0 5px 4px 0; background: var(--key); }
.key.now { --key: var(--now); } .key.later { --key: var(--later); }
.key.exact { --key: var(--exact); }
.key.exact::before, .key.dashed::before { background: repeating-linear-gradient(90deg, var(--key) 0 5px, transparent 5px 8px); }
.keys { display: block; margin-top: 4px; }
.keys .key:first-child { margin-left: 0; }
@media print {
  :root {
    --paper: #fff; --ink: #000; --soft: #444; --faint: #ddd; --panel: #f6f6f4;
    --now: #2a6592; --later: #b2661d; --prior: #8a5a83; --warn: #9a3b26; --exact: #000;
    --c0: #2a6592; --c1: #b2661d; --c2: #4a7c59; --c3: #8a5a83; --c4: #9a3b26; --c5: #6b7280;
  }
  svg, table, .facts, .caption { break-inside: avoid; }
  .grid3 { grid-template-columns: repeat(3, 1fr); }
  h2, .caption { break-after: avoid; }
  h2 { margin-top: 28px; }
  main { padding: 0; }
}
`;
