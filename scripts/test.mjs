// `npm test`: sets a fresh machine up, runs every test, and ends with a line that counts them.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { bundleServer } from './set-up/bundle-server.mjs';
import { installDebian } from './set-up/install-debian.mjs';
import { installNginx } from './set-up/install-nginx.mjs';
import { installPromtool } from './set-up/install-promtool.mjs';
import { root } from './set-up/root.mjs';
import { setUp } from './set-up/set-up.mjs';

/** How many of the slowest files are named at the end. */
const SLOWEST = 10;

await setUp({ needsRedis: true });
const why = 'a test sets the clocks of processes with it';
await installDebian({ program: 'faketime', why, tests: 'the tests of wrong clocks' });
await installDebian({ program: 'zsh', why: 'a test completes commands in it', tests: 'the tests of zsh' });
await installDebian({
  program: 'chromium',
  why: 'tests look at the console in it',
  tests: 'the tests in a browser',
});
await installPromtool();
await installNginx();
const server = await bundleServer();
const folder = mkdtempSync(join(tmpdir(), 'zhongkong-test-'));
const resultsFile = join(folder, 'results.json');
const exitCode = await runJest(['--json', `--outputFile=${resultsFile}`, ...process.argv.slice(2)]);
const { failed, text } = readResults(resultsFile);
process.stdout.write(text);
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

/** The slowest files, what was skipped, and `N passed, N failed`; a file that could not be run counts as one failed test. */
function readResults(path) {
  let results;
  try {
    results = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { failed: 1, text: '0 passed, 1 failed\n' };
  }
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, testResults } = results;
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  const countLine = `${numPassedTests} passed, ${failed} failed\n`;
  return { failed, text: slowestFiles(testResults) + skippedTests(testResults) + countLine };
}

function skippedTests(files) {
  const skipped = files.flatMap((file) => file.assertionResults.filter(({ status }) => status === 'pending'));
  return skipped.map(({ fullName }) => `skipped: ${fullName}\n`).join('');
}

function slowestFiles(files) {
  const lines = files
    .map(({ name, startTime, endTime }) => ({ name: relative(root, name), ms: endTime - startTime }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, SLOWEST)
    .map(({ name, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${name}\n`);
  return lines.length < SLOWEST ? '' : `The slowest files:\n${lines.join('')}`;
}
