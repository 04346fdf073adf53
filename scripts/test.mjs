// `npm test`: sets a fresh machine up, runs every test, and ends with a line that counts them.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { bundleServer } from './set-up/bundle-server.mjs';
import { installFaketime } from './set-up/install-faketime.mjs';
import { installNginx } from './set-up/install-nginx.mjs';
import { installPromtool } from './set-up/install-promtool.mjs';
import { root } from './set-up/root.mjs';
import { setUp } from './set-up/set-up.mjs';

/** How many of the slowest files are named at the end. */
const SLOWEST = 10;

await setUp({ needsRedis: true });
await installFaketime();
await installPromtool();
await installNginx();
const server = await bundleServer();
const folder = mkdtempSync(join(tmpdir(), 'zhongkong-test-'));
const resultsFile = join(folder, 'results.json');
const exitCode = await runJest(['--json', `--outputFile=${resultsFile}`, ...process.argv.slice(2)]);
const { slowest, countLine, failed } = readResults(resultsFile);
process.stdout.write(`${slowest}${countLine}\n`);
rmSync(folder, { recursive: true });
process.exitCode = failed > 0 ? 1 : exitCode;

function runJest(args) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const env = { ...process.env, TZ: 'UTC', ZHONGKONG_TEST_SERVER: server };
  const child = spawn(process.execPath, [jest, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

/** The slowest files, and `N passed, N failed`; a file that could not be run at all counts as one failed test. */
function readResults(path) {
  let results;
  try {
    results = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { slowest: '', countLine: '0 passed, 1 failed', failed: 1 };
  }
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = results;
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
  return {
    slowest: slowestFiles(results.testResults),
    countLine: `${numPassedTests} passed, ${failed} failed${skipped}`,
    failed,
  };
}

function slowestFiles(files) {
  const lines = files
    .map(({ name, startTime, endTime }) => ({ name: relative(root, name), ms: endTime - startTime }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, SLOWEST)
    .map(({ name, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${name}\n`);
  return lines.length < SLOWEST ? '' : `The slowest files:\n${lines.join('')}`;
}
