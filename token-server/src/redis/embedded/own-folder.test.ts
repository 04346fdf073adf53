import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { askSocket, isRedisUp } from './ask-socket.js';
import { withLockFile } from './lock-file.js';
import { ownFolder } from './own-folder.js';
import { socketPath } from './socket-path.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhongkong-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a data folder', () => {
  it('has one owner, who is named to the next one, and is free again when it is released', async () => {
    const ownership = await ownFolder(folder);
    await expect(ownFolder(folder)).rejects.toThrow(
      `The data folder ${folder} is in use by another Zhongkong server (process ${process.pid})`,
    );
    ownership.release();
    (await ownFolder(folder)).release();
  });

  it('that cannot be made is reported with what to do', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(ownFolder(join(file, 'data'))).rejects.toThrow(
      `The data folder ${file}/data cannot be made (ENOTDIR): choose another with DATA_DIR.`,
    );
  });
});

describe('a lock file', () => {
  it('lets one run after the other, and is removed', async () => {
    const path = join(folder, 'lock');
    const order: string[] = [];
    const work = (name: string) =>
      withLockFile(path, async () => {
        order.push(`${name} begins`);
        await new Promise(setImmediate);
        order.push(`${name} ends`);
      });
    await Promise.all([work('first'), work('second')]);
    expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
    expect(existsSync(path)).toBe(false);
  });

  it('that a killed process left behind is removed after five seconds', async () => {
    const path = join(folder, 'lock');
    writeFileSync(path, '');
    const sixSecondsAgo = Date.now() / 1000 - 6;
    utimesSync(path, sixSecondsAgo, sixSecondsAgo);
    expect(await withLockFile(path, async () => 'done')).toBe('done');
  });

  it('that cannot be made is reported', async () => {
    await expect(withLockFile(join(folder, 'no', 'lock'), async () => {})).rejects.toThrow('ENOENT');
  });
});

describe('a unix socket', () => {
  it('answers with its first piece, or not at all', async () => {
    const path = join(folder, 'a.sock');
    expect(await askSocket(path)).toBeNull();
    const server = createServer((peer) => peer.once('data', (line) => peer.end(`+${line}`))).listen(path);
    expect(await askSocket(path, 'hello')).toBe('+hello');
    expect(await isRedisUp(path)).toBe(false);
    server.close();
  });

  it('lies in the folder, unless its path would be too long', () => {
    expect(socketPath('/data', 'redis.sock')).toBe('/data/redis.sock');
    const path = socketPath(`/${'long/'.repeat(30)}`, 'redis.sock');
    expect(path).toMatch(/\/zhongkong-[0-9a-f]{16}\/redis\.sock$/);
    rmSync(join(path, '..'), { recursive: true });
  });
});
