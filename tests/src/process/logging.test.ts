import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, startPlatform } from '../helpers/fixtures.js';
import { readToken } from '../helpers/http.js';
import { childrenOf, isRunning } from '../helpers/processes.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { serverEnvironment } from '../helpers/test-server.js';

const COMMAND = fileURLToPath(new URL('../../../token-server/bin/zhongkong.js', import.meta.url));

/** A server whose standard output is a given descriptor, or a pipe that nobody reads. */
async function startLoggingTo(stdout: number | 'pipe') {
  const platform = await startPlatform();
  const env = {
    ...serverEnvironment({ platform: platform.url }),
    ZHONGKONG_READY_FD: '3',
    LOG_LEVEL: 'trace',
  };
  const child: ChildProcess = spawn(process.execPath, [COMMAND, 'serve'], {
    env,
    stdio: ['ignore', stdout, 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
  cleanUp(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const [ready] = (await once(child.stdio[3] as Readable, 'data')) as [Buffer];
  return { child, ended, url: JSON.parse(String(ready)).url as string, errors: () => errors };
}

/** Each request is logged with its path: more than a pipe and the memory for waiting lines hold. */
async function fillLog(url: string): Promise<void> {
  const path = 'x'.repeat(8_000);
  for (let requests = 0; requests < 200; requests += 1) await (await fetch(`${url}/${path}`)).text();
}

describe('a server whose log cannot be written', () => {
  it('starts, serves and stops when its output is a full device, and says so on the other stream', async () => {
    const full = openSync('/dev/full', 'w');
    cleanUp(() => closeSync(full));
    const { child, ended, url, errors } = await startLoggingTo(full);
    await readToken(url);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(errors()).toBe(
      'zhongkong: the log cannot be written to standard output (ENOSPC); the server goes on, and lines may get lost\n',
    );
  });

  it('serves and stops while nobody reads its output', async () => {
    const { child, ended, url } = await startLoggingTo('pipe');
    child.stdout?.pause();
    await fillLog(url);
    await readToken(url);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('says how many lines are missing when its output is read again', async () => {
    const { child, ended, url } = await startLoggingTo('pipe');
    child.stdout?.pause();
    await fillLog(url);
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stdout?.resume();
    const summary = await eventually('the number of lines', () =>
      /"droppedLines":(\d+),"msg":"the log could not be written for a while, and lines were dropped"/.exec(
        output,
      ),
    );
    expect(Number(summary[1])).toBeGreaterThan(0);
    const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${API_KEY}` } });
    expect(await metrics.text()).toContain(`\nzhongkong_log_lines_dropped_total ${summary[1]}\n`);
    await readToken(url);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(output).toContain('"msg":"stopped"');
  });
});

describe('a server without a terminal', () => {
  it('goes on after SIGHUP, as nohup promises', async () => {
    const { child, ended, url } = await startLoggingTo('pipe');
    child.stdout?.resume();
    child.kill('SIGHUP');
    await readToken(url);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it.each(['SIGQUIT', 'SIGINT'] as const)('stops after %s and leaves no Redis behind', async (signal) => {
    const { child, ended } = await startLoggingTo('pipe');
    child.stdout?.resume();
    const children = childrenOf(child.pid ?? 0);
    expect(children).toHaveLength(1);
    child.kill(signal);
    expect(await ended).toBe(0);
    await eventually('the end of Redis', () => !children.some(isRunning));
  });
});

describe('a server on a terminal that is closed', () => {
  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('stops and leaves nothing behind', async () => {
    const platform = await startPlatform();
    const pids = join(tempFolder(), 'pid');
    const env = { ...serverEnvironment({ platform: platform.url }), TERM: 'xterm' };
    // `script` gives the server a terminal of its own, which ends with it.
    const command = `echo $$ > ${pids}; exec '${process.execPath}' '${COMMAND}' serve`;
    const terminal = spawn('script', ['-qec', command, '/dev/null'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    terminal.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await eventually('the server', () => output.includes('listening on'), 20_000);
    const pid = Number(readFileSync(pids, 'utf8'));
    const all = [pid, ...childrenOf(pid)];
    expect(all).toHaveLength(2);
    terminal.kill('SIGKILL');
    await eventually('the end of server and Redis', () => !all.some(isRunning), 20_000);
  });
});
