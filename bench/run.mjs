// `npm run bench`: every suite, or those that are named: `npm run bench -- sdk`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { buildWorkspaces } from '../scripts/set-up/build-workspaces.mjs';
import { root } from '../scripts/set-up/root.mjs';
import { benchSdk } from './sdk.mjs';

const SUITES = { sdk: benchSdk };

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  process.stderr.write(
    `bench: no such suite: ${unknown.join(', ')}; there are: ${Object.keys(SUITES).join(', ')}\n`,
  );
  process.exit(2);
}
await buildWorkspaces();
for (const name of named.length > 0 ? named : Object.keys(SUITES)) {
  const rows = await SUITES[name]();
  console.table(
    Object.fromEntries(
      rows.map(({ what, value, spread, wanted }) => [
        what,
        { value, spread, wanted, met: isMet(value, wanted) },
      ]),
    ),
  );
  const machine = { node: process.version, cpu: cpus()[0]?.model, cpus: cpus().length };
  const results = join(root, 'bench', 'results');
  mkdirSync(results, { recursive: true });
  writeFileSync(
    join(results, `${name}.json`),
    `${JSON.stringify({ at: new Date().toISOString(), machine, rows }, null, 2)}\n`,
  );
}

/** @param {string} wanted `≤ 400` or `≥ 1.5` */
function isMet(value, wanted) {
  const limit = Number(wanted.slice(1));
  return wanted.startsWith('≤') ? value <= limit : value >= limit;
}
