import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { cleanUp } from './clean-up.js';

const CHECK_EVERY_MS = 250;
const CHECK_TIMEOUT_MS = 750;

/** What stands before several servers in production: sends each connection to one that answers its health check. */
export interface Balancer {
  readonly url: string;
  /** Where the server of this place listens now; it may change when it is started again. */
  setTarget(place: number, url: string | undefined): void;
}

/** @param healthPath the health check's path */
export async function startBalancer(healthPath = '/healthz'): Promise<Balancer> {
  const targets = new Map<number, string>();
  const healthy = new Set<string>();
  let turn = 0;

  async function check(url: string): Promise<void> {
    const isWell = await fetch(`${url}${healthPath}`, { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) }).then(
      (response) => response.ok,
      () => false,
    );
    if (isWell) healthy.add(url);
    else healthy.delete(url);
  }

  const timer = setInterval(() => {
    for (const url of targets.values()) void check(url);
  }, CHECK_EVERY_MS);
  const server = createServer((client) => {
    client.on('error', () => {});
    const ready = [...targets.values()].filter((url) => healthy.has(url));
    turn += 1;
    const url = ready[turn % ready.length];
    if (url === undefined) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(new URL(url).port), '127.0.0.1');
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(() => {
    clearInterval(timer);
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setTarget(place, url) {
      if (url === undefined) targets.delete(place);
      else {
        targets.set(place, url);
        void check(url);
      }
    },
  };
}
