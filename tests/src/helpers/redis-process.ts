import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { cleanUp } from './clean-up.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { tempFolder } from './temp-folder.js';

/** A real Redis on a port of its own. */
export interface RedisProcess {
  readonly url: string;
  /** A connection that fails fast, as the server's own do; closed after the test. */
  connect(db?: number): Promise<Redis>;
  /** A connection that waits for Redis, as the server's workers and subscribers do. The caller closes it. */
  open(db?: number): Redis;
  /** Everything that is stored, as one text. */
  dump(): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  start(): Promise<void>;
}

/** @param environment added to its own */
export async function startRedis(environment: Readonly<Record<string, string>> = {}): Promise<RedisProcess> {
  const port = await freePort();
  const folder = tempFolder();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const args = [
      '--port',
      String(port),
      '--dir',
      folder,
      '--appendonly',
      'yes',
      '--save',
      '',
      '--loglevel',
      'warning',
    ];
    child = spawn('redis-server', args, { stdio: 'ignore', env: { ...process.env, ...environment } });
    const probe = new Redis(url, { lazyConnect: true, retryStrategy: null });
    probe.on('error', () => {});
    await eventually('redis answers', async () => {
      await probe.connect().catch(() => {});
      return probe.status === 'ready';
    });
    probe.disconnect();
  }

  await start();
  cleanUp(async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return {
    url,
    start,
    kill: (signal) => void child?.kill(signal),
    async connect(db = 0) {
      const redis = new Redis(url, {
        db,
        lazyConnect: true,
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        commandTimeout: 2_000,
        disconnectTimeout: 100,
        retryStrategy: () => 50,
      });
      redis.on('error', () => {});
      await redis.connect();
      cleanUp(() => redis.disconnect());
      return redis;
    },
    open(db = 0) {
      const redis = new Redis(url, {
        db,
        maxRetriesPerRequest: null,
        disconnectTimeout: 100,
        retryStrategy: () => 50,
      });
      redis.on('error', () => {});
      return redis;
    },
    async dump() {
      const redis = new Redis(url);
      const parts: string[] = [];
      for (const key of await redis.keys('*')) {
        parts.push(key, JSON.stringify(await readAny(redis, key)));
      }
      redis.disconnect();
      return parts.join('\n');
    },
  };
}

async function readAny(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, 0, -1, 'WITHSCORES');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return null;
  }
}
