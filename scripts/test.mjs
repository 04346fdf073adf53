// `npm test`: sets a fresh machine up, runs every test, and ends with a line that counts them.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './set-up/root.mjs';
import { setUp } from './set-up/set-up.mjs';

await setUp({ needsRedis: true });
const folder = mkdtempSync(join(tmpdir(), 'zhongkong-test-'));
const resultsFile = join(folder, 'results.json');
const exitCode = await runJest(['--json', `--outputFile=${resultsFile}`, ...process.argv.slice(2)]);
process.stdout.write(`${countLine(resultsFile)}\n`);
rmSync(folder, { recursive: true });
process.exitCode = exitCode;

function runJest(args) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const env = {
    ...process.env,
    TZ: 'UTC',
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  };
  const child = spawn(process.execPath, [jest, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

/** `N passed, N failed`; a file that could not be run at all counts as one failed test. */
function countLine(path) {
  let results;
  try {
    results = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return '0 passed, 1 failed';
  }
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = results;
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
  return `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed${skipped}`;
}
