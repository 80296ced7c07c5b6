/** How the report looks: one column, light and dark as the reader's system is, readable when it is printed. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5a636d; --line: #d5dae0; --ground: #ffffff; --raised: #f5f7f9;
  --good: #0b6b3a; --bad: #a3161b; --warn: #7a4d00; --note: #fff6e0; --edge: #b27500; --link: #0b57a4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e3e6ea; --soft: #a3adb8; --line: #3a424b; --ground: #15181c; --raised: #1e2329;
    --good: #5fd394; --bad: #ff8f8a; --warn: #f0b95a; --note: #2b2414; --edge: #c8922e; --link: #84baf5; } }
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
body { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; overflow-wrap: anywhere; }
p { margin: .5rem 0; max-width: 60rem; overflow-wrap: anywhere; }
a { color: var(--link); }
.soft, .cut { color: var(--soft); } .cut { font-size: .87rem; }
nav { margin: 1rem 0; } nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; margin: 0; list-style: none; }
code, pre { font: 13px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; unicode-bidi: isolate; }
code { overflow-wrap: anywhere; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 4px; padding: .6rem .75rem; margin: .5rem 0;
  white-space: pre-wrap; overflow-wrap: anywhere; max-height: 30rem; overflow-y: auto; }
td, dd, h1, h3, p, li { unicode-bidi: isolate; }
.odd { color: var(--bad); border: 1px solid currentColor; border-radius: 3px; padding: 0 .15em; font-family: ui-monospace, monospace; font-size: .85em; }
dl { display: grid; grid-template-columns: 1fr; margin: .5rem 0; border-top: 1px solid var(--line); }
dl > div { display: grid; grid-template-columns: 12rem 1fr; gap: 1rem; padding: .35rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
dd > :first-child { margin-top: 0; }
.wide { overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); min-width: 3.5rem; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td { overflow-wrap: break-word; } td pre { min-width: 18rem; max-height: 14rem; }
td code, dd code { white-space: pre-line; } td code { display: inline-block; min-width: 9rem; }
.prose { min-width: 13rem; }
.when { white-space: nowrap; }
td ul { margin: 0; padding-left: 1.1rem; }
.mark { font-weight: 600; } .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.loud { background: var(--note); border: 2px solid var(--edge); border-radius: 6px; padding: .5rem 1rem; margin: 1.25rem 0; }
.loud h2 { border: 0; margin: .25rem 0 .5rem; padding: 0; }
.loud li { margin: .35rem 0; }
@media (max-width: 40rem) {
  body { padding: 1rem .9rem 3rem; }
  dl > div { grid-template-columns: 1fr; gap: 0; }
}
@media print {
  html { background: #fff; color: #000; font-size: 10pt; } body { max-width: none; padding: 0; }
  pre, td pre { max-height: none; } .wide { overflow: visible; } table { font-size: 8pt; } .prose, td code, td pre { min-width: 0; } nav { display: none; }
  h2, h3 { break-after: avoid; } tr { break-inside: avoid; }
}
`;
