import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs } from '@zhongkong/shared';
import { makeDataFolder } from '../../data-folder.js';
import type { Logger } from '../../logger.js';
import { askSocket, isRedisUp } from './ask-socket.js';
import { type RedisChild, startRedisChild } from './redis-child.js';
import { socketPath } from './socket-path.js';

const RESTART_BACK_OFF = { firstMs: 100, maxMs: 5_000 };
const POLL_MS = 10;

export interface EmbeddedRedisOptions {
  /** The `redis-server` binary. */
  readonly command: string;
  /** Folders in which programs are found, as in the environment's PATH. */
  readonly searchPath: string;
  readonly dataDir: string;
  readonly log: Logger;
}

/** The server's own Redis in the data folder: it starts and stops with the server, and is restarted when it dies. */
export interface EmbeddedRedis {
  /** The unix socket to connect to. */
  readonly socket: string;
  stop(): Promise<void>;
}

/** The caller has to own the folder (`ownFolder`). @throws StartError when Redis does not start */
export async function startEmbeddedRedis({
  command,
  searchPath,
  dataDir,
  log,
}: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const root = resolve(dataDir);
  const folder = join(root, 'redis');
  makeDataFolder(folder);
  const socket = socketPath(root, 'redis.sock');
  const start = () => startRedisChild({ command, searchPath, folder, socket });
  const stopping = new AbortController();
  let child: RedisChild | null = null;
  let restarting: Promise<void> | null = null;

  function watch(started: RedisChild): void {
    child = started;
    void started.ended.then(() => {
      if (stopping.signal.aborted) return;
      log.warn('the embedded Redis has died; starting it again');
      restarting = restart();
    });
  }

  async function restart(): Promise<void> {
    for (let failures = 1; !stopping.signal.aborted; failures += 1) {
      try {
        const delayMs = backOffMs({ ...RESTART_BACK_OFF, failures, random: Math.random() });
        await sleep(delayMs, undefined, { signal: stopping.signal });
        watch(await start());
        log.info('the embedded Redis is back');
        return;
      } catch (error) {
        if (!stopping.signal.aborted)
          log.error({ err: error }, 'the embedded Redis does not start; retrying');
      }
    }
  }

  await stopOrphan(socket);
  watch(await start());
  return {
    socket,
    async stop() {
      stopping.abort();
      await restarting;
      await child?.stop();
    },
  };
}

/** A server that was killed leaves its Redis behind. We own the folder now, so a Redis that still runs there is such a one. */
async function stopOrphan(socket: string): Promise<void> {
  if (!(await isRedisUp(socket))) return;
  await askSocket(socket, 'SHUTDOWN\r\n');
  while (await isRedisUp(socket)) await sleep(POLL_MS);
}
