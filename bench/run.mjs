// `npm run bench`: every suite, or those that are named: `npm run bench -- reads`. With `--smoke` each measures next to
// nothing, so that a test can show that it works; then no figure counts, and no result is written. With `--profile` the
// servers that are measured write CPU profiles, and where their time went is printed.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { buildWorkspaces } from '../scripts/set-up/build-workspaces.mjs';
import { root } from '../scripts/set-up/root.mjs';
import { benchApps, benchManyApps } from './rows/apps.mjs';
import { benchDelay } from './rows/delay.mjs';
import { benchDropIn } from './rows/drop-in.mjs';
import { benchProxy } from './rows/proxy.mjs';
import { benchReads } from './rows/reads.mjs';
import { benchReports } from './rows/reports.mjs';
import { benchSdk } from './rows/sdk.mjs';
import { benchStart } from './rows/start.mjs';
import { benchStorm } from './rows/storm.mjs';
import { benchStreams } from './rows/streams.mjs';
import { createProcesses } from './tools/processes.mjs';
import { printTopFrames } from './tools/top-frames.mjs';
import { verdictOf } from './tools/verdict.mjs';
import { versions } from './tools/versions.mjs';

const SUITES = {
  reads: benchReads,
  'drop-in': benchDropIn,
  proxy: benchProxy,
  storm: benchStorm,
  reports: benchReports,
  streams: benchStreams,
  delay: benchDelay,
  start: benchStart,
  apps: benchApps,
  'many-apps': benchManyApps,
  sdk: benchSdk,
};

const args = process.argv.slice(2);
const isSmoke = args.includes('--smoke');
const isProfiled = args.includes('--profile');
const named = args.filter((name) => !name.startsWith('--'));
const results = join(root, 'bench', 'results');
/** It installs packages from a registry. */
const NOT_IN_SMOKE = 'sdk';
const unknown = named.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  process.stderr.write(
    `bench: no such suite: ${unknown.join(', ')}; there are: ${Object.keys(SUITES).join(', ')}\n`,
  );
  process.exit(2);
}
await buildWorkspaces();
const all = Object.keys(SUITES).filter((name) => !isSmoke || name !== NOT_IN_SMOKE);
for (const name of named.length > 0 ? named : all) await run(name);

async function run(name) {
  const startedAt = performance.now();
  const profiles = isProfiled ? mkdtempSync(join(tmpdir(), `zhongkong-${name}-`)) : undefined;
  const processes = createProcesses({ profiles, isSmoke });
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
  if (profiles !== undefined) printTopFrames(profiles);
  if (isSmoke || isProfiled) return;
  mkdirSync(results, { recursive: true });
  const machine = {
    cpu: cpus()[0]?.model,
    cpus: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 2 ** 20),
  };
  const result = { at: new Date().toISOString(), seconds, machine, versions: versions(), rows };
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}
