/** The look of report.html: one column, light or dark as the reader's screen is set, black on white on paper. */
export const reportStyle = `
:root { color-scheme: light dark; --page: #ffffff; --ink: #1c1c1e; --faint: #5f6368; --rule: #dadce0; --soft: #f4f5f7; --accent: #0b5cad; --bad: #a32a12; --bad-soft: #fdf0ec; --warn: #7a5200; --warn-soft: #fff7e0; }
@media (prefers-color-scheme: dark) {
  :root { --page: #16181c; --ink: #e6e7ea; --faint: #a2a7b0; --rule: #363a42; --soft: #20242a; --accent: #7fb8ff; --bad: #ff9b85; --bad-soft: #38201b; --warn: #f0c869; --warn-soft: #332a14; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 "DejaVu Sans", Verdana, system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.1rem; margin: 0 0 .4rem; color: var(--faint); font-weight: normal; }
h2 { font-size: 1.15rem; margin: 2.6rem 0 .7rem; padding-bottom: .25rem; border-bottom: 1px solid var(--rule); }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
a { color: var(--accent); }
.answer { font-size: 1.55rem; line-height: 1.3; margin: 0 0 .6rem; font-weight: bold; }
.refused { color: var(--bad); background: var(--bad-soft); border-left: .3rem solid var(--bad); padding: .6rem .9rem; }
.notes p { margin: .35rem 0; }
.warnings { background: var(--warn-soft); border-left: .3rem solid var(--warn); margin: 1.2rem 0; padding: .5rem 1rem; }
.warnings ul { margin: .2rem 0; padding-left: 1.2rem; }
.warnings strong { color: var(--warn); }
dl.key { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .6rem; margin: 1.2rem 0; }
dl.key div { background: var(--soft); border-radius: .4rem; padding: .5rem .7rem; }
dl.key dt { font-size: .76rem; color: var(--faint); }
dl.key dd { margin: 0; font-size: 1rem; font-variant-numeric: tabular-nums; }
figure { margin: 1rem 0; }
figure .paper { background: #ffffff; border: 1px solid var(--rule); border-radius: .3rem; padding: .5rem; }
figure svg { display: block; width: 100%; height: auto; margin: 0 auto; }
figcaption { font-size: .85rem; color: var(--faint); margin-top: .4rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; min-width: 60%; font-size: .84rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--rule); vertical-align: top; white-space: nowrap; }
th { color: var(--faint); font-weight: normal; vertical-align: bottom; }
th.text, td.text { text-align: left; white-space: normal; }
sub, sup { line-height: 0; }
tr.chosen td { font-weight: bold; background: var(--soft); }
td.reason { color: var(--faint); font-weight: normal; white-space: normal; }
pre { background: var(--soft); padding: .8rem 1rem; overflow-x: auto; font: .8rem/1.45 "DejaVu Sans Mono", Menlo, Consolas, monospace; border-radius: .4rem; }
code { font: .85em "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--accent); }
footer { margin-top: 3rem; color: var(--faint); font-size: .8rem; }
@media print {
  :root { color-scheme: light; --page: #ffffff; --ink: #000000; --faint: #444444; --rule: #bbbbbb; --soft: #f2f2f2; --accent: #000000; --bad: #000000; --bad-soft: #f2f2f2; --warn: #000000; --warn-soft: #f2f2f2; }
  body { font-size: 9pt; }
  .answer { font-size: 14pt; }
  .scroll { overflow: visible; }
  table { font-size: 7.5pt; }
  th { white-space: normal; }
  th, td { padding: .2rem .35rem; }
  main { max-width: none; padding: 0; }
  figure, tr, dl.key div { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
`;
