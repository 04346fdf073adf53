import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const BENCH = 'bench/run.mjs';
const run = promisify(execFile);
const cwd = new URL('../../..', import.meta.url);

it('every benchmark measures something with a real server, in small', async () => {
  const { stdout } = await run(process.execPath, [BENCH, '--smoke'], { cwd });
  const suites = [...stdout.matchAll(/^(\S+) \(\d+ s\)$/gm)].map(([, name]) => name);
  expect(suites).toEqual([
    'reads',
    'drop-in',
    'proxy',
    'storm',
    'reports',
    'streams',
    'delay',
    'start',
    'apps',
    'many-apps',
  ]);
  expect(stdout).not.toMatch(/undefined/);
}, 120_000);

it('a benchmark that there is not is refused with a list of those that there are', async () => {
  const refused = await run(process.execPath, [BENCH, 'speed'], { cwd }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('reads, drop-in, proxy') });
});
