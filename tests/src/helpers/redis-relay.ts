import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { cleanUp } from './clean-up.js';

/** By what each of the engine's scripts is recognised on the wire. */
const SCRIPTS = {
  open: "'NX', 'PX'",
  save: "'HSET', KEYS[1], 'state'",
  release: "redis.call('DEL', KEYS[1])",
};

export interface Moment {
  readonly script: keyof typeof SCRIPTS;
  /** Which of the script's calls, from 1. */
  readonly nth: number;
  /** Before it reaches Redis, or after, when the answer has not come back. */
  readonly when: 'before' | 'after';
}

/** Stands between one server and Redis: can cut the server off, and can make time stand still at a moment. */
export interface RedisRelay {
  readonly url: string;
  /** Ends every connection, and takes none until `restore`. */
  cut(): void;
  restore(): void;
  /** Resolves when the moment has come; from then on nothing passes. */
  holdAt(moment: Moment): Promise<void>;
}

export async function startRedisRelay(redisUrl: string): Promise<RedisRelay> {
  const { hostname, port } = new URL(redisUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  let isHolding = false;
  let awaited: { moment: Moment; seen: number; reached: () => void } | undefined;

  /** @returns whether this piece may pass on */
  function inspect(chunk: Buffer): boolean {
    if (isHolding) return false;
    if (awaited === undefined || !chunk.includes(SCRIPTS[awaited.moment.script])) return true;
    awaited.seen += 1;
    if (awaited.seen < awaited.moment.nth) return true;
    isHolding = true;
    setImmediate(awaited.reached);
    return awaited.moment.when === 'after';
  }

  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => inspect(chunk) && upstream.write(chunk));
    upstream.on('data', (chunk) => !isHolding && client.write(chunk));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  cleanUp(() => {
    cut();
    server.close();
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    restore() {
      isCut = false;
    },
    holdAt: (moment) =>
      new Promise((resolve) => {
        awaited = { moment, seen: 0, reached: resolve };
      }),
  };
}
