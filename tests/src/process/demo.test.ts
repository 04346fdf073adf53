import { execFile } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { ROOT } from '../helpers/examples.js';
import { childrenOf, isRunning } from '../helpers/processes.js';
import { type ServerProcess, spawnZhongkong } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';

const run = promisify(execFile);

function startDemo(folder: string): ServerProcess {
  const environment = {
    PATH: process.env.PATH ?? '',
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    ZHONGKONG_READY_FD: '3',
  };
  return spawnZhongkong(['serve'], environment, folder);
}

/** A folder in which `node` finds the packages, as in a clone. */
function cloneFolder(): string {
  const folder = tempFolder();
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function printedCommands(demo: ServerProcess): Promise<string[]> {
  const guide = await eventually('the guide', () => demo.output().includes('Ctrl-C') && demo.output());
  return guide.split('\n').filter((line) => /^(curl|cd) /.test(line));
}

/** Pasted into another terminal, which stands somewhere else. */
async function paste(command: string | undefined): Promise<string> {
  const { stdout } = await run('sh', ['-c', command ?? 'false'], { cwd: tempFolder() });
  return stdout;
}

describe('zhongkong serve without a configuration', () => {
  it('prints commands that work when they are pasted, one of which shows a token dying and healing', async () => {
    const demo = startDemo(cloneFolder());
    await demo.ready;
    const [read, report, viaProxy, call, heal, ...more] = await printedCommands(demo);
    expect(more).toEqual([]);
    const { version } = JSON.parse(await paste(read));
    // The demo lives: its token may be replaced at any time.
    const reported = JSON.parse(await paste(report));
    expect(reported).toMatchObject({ refreshed: false, reason: 'superseded' });
    expect(reported.version).toBeGreaterThanOrEqual(version);
    expect(JSON.parse(await paste(viaProxy)).ip_list).toHaveLength(2);
    expect(await paste(call)).toMatch(/errCode: 0/);
    const healing = await paste(heal);
    expect(healing.match(/errCode: 0/g)).toHaveLength(2);
    expect(healing).toMatch(/type: 'reported', errcode: 40001/);
    expect(healing).toMatch(/type: 'report-answered', refreshed: true/);
    expect(JSON.parse(await paste(read)).version).toBeGreaterThan(version);
  });

  it('is the same demo at the second start: the key, and a token that still lives at the platform', async () => {
    const folder = cloneFolder();
    const first = startDemo(folder);
    await first.ready;
    const [read] = await printedCommands(first);
    const token = JSON.parse(await paste(read)).accessToken;
    first.kill('SIGINT');
    expect(await first.ended).toBe(0);

    const second = startDemo(folder);
    await second.ready;
    const [readAgain, , , call] = await printedCommands(second);
    expect(JSON.parse(await paste(readAgain)).accessToken).toBe(token);
    const keyOf = (command = '') => /Bearer ([\w-]+)/.exec(command)?.[1];
    expect(keyOf(readAgain)).toBe(keyOf(read));
    expect(await paste(call)).not.toMatch(/reported/);
  });

  it('starts nothing of its own in a folder in which another one runs', async () => {
    const folder = cloneFolder();
    const first = startDemo(folder);
    await first.ready;
    const second = startDemo(folder);
    const children = new Set<number>();
    const watch = setInterval(() => childrenOf(second.pid).forEach((pid) => void children.add(pid)), 20);
    expect(await second.ended).toBe(1);
    clearInterval(watch);
    expect(second.output()).toContain(`is in use by another Zhongkong server (process ${first.pid})`);
    expect(children.size).toBe(0);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'leaves neither Redis nor platform behind after %s',
    async (signal) => {
      const demo = startDemo(cloneFolder());
      await demo.ready;
      const children = childrenOf(demo.pid);
      expect(children).toHaveLength(2);
      demo.kill(signal);
      await demo.ended;
      await eventually('the end of both', () => !children.some(isRunning));
    },
  );
});
