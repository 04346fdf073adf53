import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDataFolder } from '../../data-folder.js';
import type { Logger } from '../../logger.js';
import { askSocket, isRedisUp } from './ask-socket.js';
import { type RedisChild, startRedisChild } from './redis-child.js';
import { socketPath } from './socket-path.js';

const RESTART_FIRST_MS = 50;
const RESTART_MAX_MS = 5_000;

export interface EmbeddedRedisOptions {
  /** The `redis-server` binary. */
  readonly command: string;
  /** Where programs are looked for, as in the environment's PATH. */
  readonly searchPath: string;
  readonly dataDir: string;
  readonly log: Logger;
}

/** A Redis of our own in the data folder: started with the server, started again when it dies, stopped with it. */
export interface EmbeddedRedis {
  /** The unix socket to connect to. */
  readonly socket: string;
  stop(): Promise<void>;
}

/** The folder has to be this process' own (`ownFolder`). @throws StartError when Redis does not start */
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
  const life = new AbortController();
  let child: RedisChild | null = null;
  let restarting: Promise<void> | null = null;

  function watch(started: RedisChild): void {
    child = started;
    void started.ended.then(() => {
      if (life.signal.aborted) return;
      log.warn('the embedded Redis has died; starting it again');
      restarting = restart();
    });
  }

  async function restart(): Promise<void> {
    for (
      let delayMs = RESTART_FIRST_MS;
      !life.signal.aborted;
      delayMs = Math.min(RESTART_MAX_MS, delayMs * 2)
    ) {
      try {
        await sleep(delayMs, undefined, { signal: life.signal });
        watch(await start());
        log.info('the embedded Redis is back');
        return;
      } catch (error) {
        if (!life.signal.aborted)
          log.error({ err: error }, 'the embedded Redis does not start again; trying on');
      }
    }
  }

  const killWithThisProcess = () => child?.kill();
  await endOrphan(socket);
  watch(await start());
  process.on('exit', killWithThisProcess);
  return {
    socket,
    async stop() {
      life.abort();
      await restarting;
      await child?.stop();
      process.off('exit', killWithThisProcess);
    },
  };
}

/** A server that was killed could not stop its Redis. The folder is ours now, so what still runs there is such a one. */
async function endOrphan(socket: string): Promise<void> {
  if (!(await isRedisUp(socket))) return;
  await askSocket(socket, 'SHUTDOWN\r\n');
  while (await isRedisUp(socket)) await sleep(10);
}
