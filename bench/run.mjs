// `npm run bench`: every suite, or those that are named: `npm run bench -- reads`. With `--smoke` each measures next to
// nothing, so that a test can show that it works; then no figure counts, and no result is written.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { buildWorkspaces } from '../scripts/set-up/build-workspaces.mjs';
import { root } from '../scripts/set-up/root.mjs';
import { benchReads } from './rows/reads.mjs';
import { benchSdk } from './rows/sdk.mjs';
import { createProcesses } from './tools/processes.mjs';
import { verdictOf } from './tools/verdict.mjs';
import { versions } from './tools/versions.mjs';

const SUITES = {
  reads: benchReads,
  sdk: benchSdk,
};

const args = process.argv.slice(2);
const isSmoke = args.includes('--smoke');
const named = args.filter((name) => name !== '--smoke');
const unknown = named.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  process.stderr.write(
    `bench: no such suite: ${unknown.join(', ')}; there are: ${Object.keys(SUITES).join(', ')}\n`,
  );
  process.exit(2);
}
await buildWorkspaces();
for (const name of named.length > 0 ? named : Object.keys(SUITES)) await run(name);

async function run(name) {
  const startedAt = performance.now();
  const processes = createProcesses();
  let rows;
  try {
    rows = (await SUITES[name]({ processes, isSmoke })).map((row) => ({
      ...row,
      verdict: isSmoke ? 'smoke' : verdictOf(row),
    }));
  } finally {
    await processes.stop();
  }
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(`\n${name} (${seconds} s)\n`);
  console.table(
    Object.fromEntries(
      rows.map(({ what, value, spread, wanted, verdict }) => [what, { value, spread, wanted, verdict }]),
    ),
  );
  if (isSmoke) return;
  const results = join(root, 'bench', 'results');
  mkdirSync(results, { recursive: true });
  const machine = {
    cpu: cpus()[0]?.model,
    cpus: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 2 ** 20),
  };
  const result = { at: new Date().toISOString(), seconds, machine, versions: versions(), rows };
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}
