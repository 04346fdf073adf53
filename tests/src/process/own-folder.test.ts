import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cleanUp } from '../helpers/clean-up.js';
import { ROOT } from '../helpers/examples.js';
import { tempFolder } from '../helpers/temp-folder.js';

const MODULES = join(ROOT, 'token-server', 'dist', 'redis', 'embedded');

/** A process that runs this code, with the words of its first line; killed after the test. */
async function startProcess(code: string, env: Record<string, string> = {}) {
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const ended = once(child, 'close');
  const kill = () => {
    child.kill('SIGKILL');
    return ended;
  };
  cleanUp(kill);
  const [said] = child.stdout ? await once(child.stdout, 'data') : [''];
  return { child, said: String(said).trim(), kill };
}

/** Gets everything ready, waits for a sign, takes the folder, and says how that went. */
const taker = (folder: string) => `
  const { ownFolder } = await import(${JSON.stringify(join(MODULES, 'own-folder.js'))});
  console.log('ready');
  process.stdin.once('data', () => ownFolder(${JSON.stringify(folder)}).then(
    () => console.log('owner'),
    (error) => console.log(error.message),
  ));`;

async function socketOfTheDead(folder: string): Promise<void> {
  const path = JSON.stringify(join(folder, 'owner.sock'));
  const dead = await startProcess(
    `import { createServer } from 'node:net'; createServer().listen(${path}, () => console.log('up'));`,
  );
  await dead.kill();
  expect(existsSync(join(folder, 'owner.sock'))).toBe(true);
}

describe('a data folder', () => {
  it('has one owner, however many come at once after the last one was killed', async () => {
    for (let round = 0; round < 8; round += 1) {
      const folder = tempFolder();
      await socketOfTheDead(folder);
      const takers = await Promise.all(Array.from({ length: 4 }, () => startProcess(taker(folder))));
      const answers = takers.map(({ child }) => once(child.stdout ?? child, 'data'));
      for (const { child } of takers) child.stdin?.write('go');
      const said = (await Promise.all(answers)).map(String);
      expect(said.filter((words) => words.startsWith('owner'))).toHaveLength(1);
      expect(said.filter((words) => words.includes('is in use by another'))).toHaveLength(3);
      await Promise.all(takers.map(({ kill }) => kill()));
    }
  });

  it('is not lost for ever when a starter was killed in the middle', async () => {
    const folder = tempFolder();
    const lock = join(folder, 'owner.sock.lock');
    writeFileSync(lock, '');
    const longAgo = Date.now() / 1000 - 6;
    utimesSync(lock, longAgo, longAgo);
    const { child } = await startProcess(taker(folder));
    const answer = once(child.stdout ?? child, 'data');
    child.stdin?.write('go');
    expect(String(await answer)).toBe('owner\n');
    expect(existsSync(lock)).toBe(false);
  });

  it('whose path is too long for a socket has its sockets where nobody else can be', async () => {
    const tmp = tempFolder();
    const code = `
      const { socketPath } = await import(${JSON.stringify(join(MODULES, 'socket-path.js'))});
      try { console.log(socketPath('/${'long/'.repeat(30)}', 'redis.sock')); } catch (error) { console.log(error.message); }`;
    const ask = async () => (await startProcess(code, { TMPDIR: tmp })).said;
    const path = await ask();
    expect(path).toMatch(/\/zhongkong-[0-9a-f]{16}\/redis\.sock$/);
    const folder = join(path, '..');
    expect(await ask()).toBe(path);
    chmodSync(folder, 0o755);
    expect(await ask()).toContain('others may look into it: remove it, or choose a DATA_DIR');
    rmSync(folder, { recursive: true });
    const elsewhere = join(tmp, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o700 });
    symlinkSync(elsewhere, folder);
    expect(await ask()).toContain('belongs to somebody else');
  });
});
