import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, statusOf } from '../helpers/http.js';
import { spawnServer } from '../helpers/server-process.js';
import { canMount, smallDisk } from '../helpers/small-disk.js';
import { tempFolder } from '../helpers/temp-folder.js';

const itWithDisk = canMount ? it : it.skip;

const NOBODY = 'http://127.0.0.1:9';

/** A data folder in which a server has run. */
async function usedFolder(): Promise<string> {
  const platform = await startPlatform();
  const dataDir = tempFolder();
  const server = spawnServer({ platform: platform.url, dataDir });
  await readToken(await server.ready);
  server.kill('SIGTERM');
  await server.ended;
  return dataDir;
}

/** Starts a server that cannot start. @returns the one line that it says */
async function refusalOf(dataDir: string, environment: Record<string, string> = {}): Promise<string> {
  const server = spawnServer({ platform: NOBODY, dataDir, environment });
  expect([await server.ended, server.output()]).toEqual([1, expect.stringMatching(/^zhongkong: .*\.\n$/)]);
  return server.output();
}

describe('a data folder that cannot be used is one sentence that says what to do', () => {
  it('when it cannot be made, its key was lost, or Redis cannot read its append-only file', async () => {
    const used = await usedFolder();
    expect(await refusalOf(tempFolder(), { DATA_DIR: '/proc/zhongkong' })).toContain(
      'The data folder /proc/zhongkong cannot be made (ENOENT): choose another with DATA_DIR.',
    );
    const files = join(used, 'redis', 'appendonlydir');
    const [file = ''] = readdirSync(files).filter((name) => name.endsWith('.incr.aof'));
    writeFileSync(
      join(files, file),
      '*1\r\n$4\r\ngarbage in the middle of the file, not at its end\r\n*1\r\n',
    );
    expect(await refusalOf(used)).toContain('then run redis-check-aof --fix');
    rmSync(join(used, 'master.key'));
    expect(await refusalOf(used)).toContain(`${used}/master.key is missing, and the data in ${used}/redis`);
  }, 60_000);

  itWithDisk('when its file system is read-only', async () => {
    const folder = smallDisk('ro');
    const said = await refusalOf(tempFolder(), { DATA_DIR: folder });
    expect(said).toMatch(/\(EROFS\): .* DATA_DIR\.\n$/);
    expect(await refusalOf(tempFolder(), { DATA_DIR: join(folder, 'data') })).toMatch(
      /\(EROFS\): .* DATA_DIR\.\n$/,
    );
  });

  itWithDisk(
    'when its disk is full, with more or less room left, in a new folder or an old one',
    async () => {
      const platform = await startPlatform();
      for (const roomKib of [0, 4, 8, 40]) {
        const folder = smallDisk();
        const dataDir = join(folder, 'data');
        const start = () => spawnServer({ platform: platform.url, environment: { DATA_DIR: dataDir } });
        const ballast = join(folder, 'ballast');
        for (const isNew of [true, false]) {
          fillUpTo(ballast, roomKib);
          const server = start();
          const end = await Promise.race([server.ended, server.ready.then(() => 'ready')]);
          if (end === 'ready') {
            await readToken(await server.ready);
            server.kill('SIGTERM');
            expect(await server.ended).toBe(0);
          } else {
            expect([end, server.output()]).toEqual([
              1,
              expect.stringMatching(/^zhongkong: .*(full|space).*\.\n$/),
            ]);
          }
          if (!isNew) continue;
          rmSync(ballast);
          const whole = start();
          await readToken(await whole.ready);
          whole.kill('SIGTERM');
          expect(await whole.ended).toBe(0);
        }
      }
    },
    120_000,
  );
});

function fillUpTo(path: string, roomKib: number): void {
  try {
    writeFileSync(path, Buffer.alloc(4 * 1024 * 1024));
  } catch {
    // It is full now.
  }
  truncateSync(path, Math.max(0, statSync(path).size - roomKib * 1024));
}

describe('a file with a secret that is replaced while the server runs', () => {
  it('is read again: the right AppSecret heals the app, the new client key is accepted and the old one refused', async () => {
    const platform = await startPlatform();
    const folder = tempFolder();
    const [secretFile, keyFile] = ['secret', 'key'].map((name) => join(folder, name)) as [string, string];
    writeFileSync(secretFile, 'a-wrong-secret-of-the-app-0123456', { mode: 0o644 });
    writeFileSync(keyFile, 'the-first-key-of-the-service', { mode: 0o600 });
    const config = {
      apps: [{ appId: APP.appId, secretFile }],
      clients: [
        { name: 'from a file', keyFile, apps: ['*'] },
        { name: 'order-service', key: API_KEY, apps: ['*'] },
      ],
    };
    const server = spawnServer({ platform: platform.url, config });
    const url = await server.ready;
    expect(server.output()).toContain(`chmod 600 `);
    expect(server.output()).toContain(secretFile);
    await expect(readToken(url)).rejects.toThrow('40125');
    writeFileSync(secretFile, `${APP.secret}\n`);
    await eventually('a token', () => readToken(url).catch(() => null));
    await eventually('the line in the log', () =>
      server.output().includes('the secret of the app was replaced in its file'),
    );

    const statusWith = async (key: string) => {
      const headers = { authorization: `Bearer ${key}` };
      return (await fetch(`${url}/v1/apps/${APP.appId}/access-token`, { headers })).status;
    };
    expect(await statusWith('the-first-key-of-the-service')).toBe(200);
    writeFileSync(keyFile, 'the-other-key-of-the-service');
    await eventually('the new key', async () => (await statusWith('the-other-key-of-the-service')) === 200);
    expect(await statusWith('the-first-key-of-the-service')).toBe(401);
    expect(await statusOf(`${url}/healthz`)).toBe(200);
  });
});
