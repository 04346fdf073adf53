/** The look of the reference: system fonts, light or dark as the reader likes, one column on a phone. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #dfe4ea; --paper: #fff; --shade: #f5f7f9;
  --accent: #07834a; --get: #0b63c5; --post: #07834a; --put: #a15c00; --delete: #b3261e; --code: #14202e; --code-ink: #e6edf5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8ee; --soft: #9aa7b5; --line: #2c3541; --paper: #12171d; --shade: #1a2129;
  --accent: #3fc380; --get: #5aa9ff; --post: #3fc380; --put: #e8a33d; --delete: #ff7a70; --code: #0a0e13; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto,
  'Noto Sans', 'PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
a:focus-visible, input:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code, pre, .path { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: .875em; }
code { background: var(--shade); border-radius: 4px; padding: .1em .3em; overflow-wrap: anywhere; }
pre { margin: .75rem 0 0; padding: .8rem 1rem; overflow-x: auto; color: var(--code-ink); background: var(--code); border-radius: 8px; line-height: 1.5; }
pre { position: relative; } .copy { position: absolute; top: .45rem; right: .5rem; padding: .1rem .6rem; font: inherit; font-size: .8rem; color: var(--code-ink); background: #2a3542; border: 1px solid #47566a; border-radius: 6px; cursor: pointer; }
main:only-child { max-width: 46rem; margin: 0 auto; }
.layout { display: grid; grid-template-columns: 23rem minmax(0, 1fr); max-width: 88rem; margin: 0 auto; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line); font-size: .875rem; }
nav h2 { margin: 1.1rem 0 .3rem; font-size: .75rem; letter-spacing: .05em; text-transform: uppercase; color: var(--soft); }
nav a { display: flex; gap: .5rem; padding: .18rem 0; color: var(--ink); overflow-wrap: anywhere; }
nav .brand { font-size: 1.05rem; font-weight: 650; }
main { padding: 2rem 2.5rem 5rem; min-width: 0; }
h1 { margin: 0 0 .5rem; font-size: 1.8rem; line-height: 1.2; }
main > h2 { margin: 3rem 0 0; padding-bottom: .4rem; font-size: 1.35rem; border-bottom: 1px solid var(--line); }
article { padding: 1.6rem 0; border-bottom: 1px solid var(--line); }
article h3 { margin: 0; font-size: 1.08rem; }
h4 { margin: 1.3rem 0 .3rem; font-size: .8rem; letter-spacing: .04em; text-transform: uppercase; color: var(--soft); }
p { margin: .5rem 0; max-width: 46rem; }
.call { display: flex; flex-wrap: wrap; align-items: baseline; gap: .6rem; margin: .45rem 0; }
.path { overflow-wrap: anywhere; font-size: .95rem; }
.method { flex: none; width: 3.6rem; font-size: .72rem; font-weight: 700; letter-spacing: .03em; text-transform: uppercase; }
nav .method { width: 3.4rem; padding-top: .12rem; }
.get { color: var(--get); } .post { color: var(--post); } .put, .patch { color: var(--put); } .delete { color: var(--delete); }
.access { margin-left: auto; padding: .05rem .6rem; border: 1px solid var(--line); border-radius: 99px; font-size: .78rem; color: var(--soft); white-space: nowrap; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th, td { padding: .42rem .8rem .42rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
tr:first-child > th, tr:first-child > td { border-top: 0; }
th { width: 13rem; font-weight: 400; overflow-wrap: anywhere; }
td.type { width: 12rem; color: var(--soft); font-size: .84rem; }
.answer { margin: .35rem 0; padding: .55rem .9rem; background: var(--shade); border-radius: 8px; }
.answer > summary { cursor: pointer; } .answer summary code { background: none; }
.answer code { background: var(--paper); }
.status { font-weight: 650; margin-right: .5rem; } .note { color: var(--soft); font-size: .84rem; }
.key-prompt { max-width: 26rem; margin: 18vh auto 0; padding: 0 1.25rem; }
.key-prompt form { display: grid; gap: .7rem; margin-top: 1.2rem; }
.key-prompt input, .key-prompt button { width: 100%; padding: .6rem .8rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; }
.key-prompt button { color: #fff; background: #07834a; border-color: #07834a; cursor: pointer; }
.key-prompt output { min-height: 1.5em; color: var(--delete); }
@media (max-width: 52rem) {
  .layout { display: block; }
  nav { position: static; height: auto; padding: 1rem 1.1rem; border-right: 0; border-bottom: 1px solid var(--line); }
  main { padding: 1.3rem 1.1rem 4rem; }
  .access { margin-left: 0; }
  table, tbody, tr, th, td { display: block; width: auto; }
  th { padding-bottom: 0; } td, td.type { width: auto; padding: 0 0 .1rem; border-top: 0; } tr { padding-bottom: .4rem; }
}
`;
