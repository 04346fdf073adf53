import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken } from '../helpers/http.js';
import { redisCli } from '../helpers/redis-cli.js';
import { startRedisNode } from '../helpers/redis-node.js';
import { type ServerProcess, spawnServer } from '../helpers/server-process.js';
import { canMount, smallDisk } from '../helpers/small-disk.js';
import { CLIENTS } from '../helpers/test-server.js';

const itWithDisk = canMount ? it : it.skip;

const PASSWORD = 'the-password-of-redis';
const RIGHTS = ['on', `>${PASSWORD}`, '~*', '&*', '+@all'];

const OPERATOR = { name: 'operator', key: 'the-key-of-the-operator', apps: ['*'], scopes: ['admin'] };
const PAGE_BYTES = 4_096;
/** What the creation of a client writes, at least. */
const BYTES_EACH = 100;

const linesOf = (server: ServerProcess, text: string) =>
  server
    .output()
    .split('\n')
    .filter((line) => line.includes(text));

async function redisOf(url: string): Promise<string> {
  const body = (await (await fetch(`${url}/readyz`)).json()) as { redis: string };
  return body.redis;
}

/** What the server says and shows while Redis does not do its work, and after. */
function watch(server: ServerProcess, url: string) {
  return {
    async warns(text: string, word: string): Promise<void> {
      await eventually(`the word ${word} in /readyz`, async () => (await redisOf(url)) === word);
      await eventually(`the warning: ${text}`, () => linesOf(server, text).length > 0);
      expect((await readToken(url)).accessToken).toMatch(/./);
    },
    async isOver(count: number): Promise<void> {
      await eventually(
        'the line that says that it is over',
        () => linesOf(server, 'works again').length === count,
      );
      expect(await redisOf(url)).toBe('reachable');
    },
  };
}

describe('a Redis that stops doing its work while the server runs', () => {
  it('is one warning with cause and remedy, a word in /readyz, one line when it is over, and few connections', async () => {
    const [node, platform] = await Promise.all([startRedisNode(['save ""']), startPlatform()]);
    const redis = (...args: string[]) => redisCli(['-p', String(node.port)], ...args);
    await redis('ACL', 'SETUSER', 'zhongkong', ...RIGHTS);
    const redisUrl = `redis://zhongkong:${PASSWORD}@${node.address}`;
    const server = spawnServer({ platform: platform.url, redisUrl });
    const url = await server.ready;
    await readToken(url);
    const { warns, isOver } = watch(server, url);

    await redis('REPLICAOF', '127.0.0.1', '1');
    await warns('it is a read-only replica: point REDIS_URL at the master', 'refusing');
    const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${API_KEY}` } });
    const text = await metrics.text();
    expect([text.includes('zhongkong_redis_reachable 1'), text.includes('zhongkong_redis_usable 0')]).toEqual(
      [true, true],
    );
    await redis('REPLICAOF', 'NO', 'ONE');
    await isOver(1);

    await redis('CONFIG', 'SET', 'maxmemory', '1');
    await warns('its memory is full: raise maxmemory', 'refusing');
    await redis('CONFIG', 'SET', 'maxmemory', '0');
    await isOver(2);

    await redis('ACL', 'SETUSER', 'zhongkong', '-xadd', 'resetchannels');
    await warns('lacks rights in it (', 'refusing');
    await redis('ACL', 'SETUSER', 'zhongkong', ...RIGHTS);
    await isOver(3);
    await eventually('the subscription', async () => (await redis('PUBSUB', 'CHANNELS')) !== '');

    await redis('ACL', 'SETUSER', 'zhongkong', 'resetpass', '>another-password');
    await redis('CLIENT', 'KILL', 'USER', 'zhongkong');
    await warns('it refuses the user or the password: correct them in REDIS_URL', 'refusing');
    await redis('ACL', 'SETUSER', 'zhongkong', ...RIGHTS);
    await isOver(4);

    node.signal('SIGSTOP');
    await warns('it does not answer', 'unreachable');
    node.signal('SIGCONT');
    await isOver(5);

    for (const cause of ['read-only replica', 'memory is full', 'refuses the user', 'does not answer'])
      expect([cause, linesOf(server, cause).length]).toEqual([cause, 1]);
    const stats = await redis('INFO', 'stats');
    expect(Number(/total_connections_received:(\d+)/.exec(stats)?.[1])).toBeLessThan(200);
    platform.control.revoke({ appId: APP.appId });
    const { version } = await readToken(url);
    expect(await reportToken(url, { staleVersion: version })).toMatchObject({ refreshed: true });
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  }, 120_000);
});

describe('a full disk under the embedded Redis', () => {
  itWithDisk(
    'is one warning that names DATA_DIR, and heals when there is room again',
    async () => {
      const folder = smallDisk();
      const platform = await startPlatform();
      const config = { apps: [APP], clients: [...CLIENTS, OPERATOR] };
      const server = spawnServer({ platform: platform.url, dataDir: folder, config });
      const url = await server.ready;
      await readToken(url);
      const { warns, isOver } = watch(server, url);
      const ballast = join(folder, 'ballast');
      fill(ballast);
      await useUpTheLastPage(url);
      platform.control.revoke({ appId: APP.appId });
      await warns('it cannot write to its disk: free space on the disk of DATA_DIR', 'refusing');
      const { version } = await readToken(url);
      expect(await reportToken(url, { staleVersion: version })).toMatchObject({ refreshed: true });
      writeFileSync(ballast, '');
      await isOver(1);
      server.kill('SIGTERM');
      expect(await server.ended).toBe(0);
    },
    60_000,
  );
});

/** A file may grow within its last page although the disk is full. */
async function useUpTheLastPage(url: string): Promise<void> {
  const headers = { authorization: `Bearer ${OPERATOR.key}`, 'content-type': 'application/json' };
  for (let count = 0; count < PAGE_BYTES / BYTES_EACH; count += 1) {
    const body = JSON.stringify({ name: `client-${count}`, apps: [APP.appId], scopes: ['token:read'] });
    const { status } = await fetch(`${url}/v1/clients`, { method: 'POST', headers, body });
    if (status >= 500) return;
  }
  throw new Error('the full disk still takes what is written');
}

function fill(path: string): void {
  try {
    writeFileSync(path, Buffer.alloc(4 * 1024 * 1024));
  } catch {
    // It is full now.
  }
}
