import type { Keys, RedisClient } from '@zhongkong/jobs';
import { sha256Hex } from '@zhongkong/shared';
import type { Logger } from '../logger.js';
import { type EndingKey, endingClients, endingText } from './ending-keys.js';

const LOOK_EVERY_MS = 60_000;
const DAY_SECONDS = 86_400;
/** An end that is long past is known, or nobody minds it. */
const SILENT_AFTER_MS = 3 * DAY_SECONDS * 1000;

export interface WarnOfEndingsDeps {
  readonly redis: RedisClient;
  readonly keys: Pick<Keys, 'warned'>;
  readonly clients: { keys(): readonly EndingKey[] };
  readonly nowMs: () => number;
  readonly log: Pick<Logger, 'warn' | 'debug'>;
  /** @defaultValue LOOK_EVERY_MS */
  readonly lookEveryMs?: number;
}

/** Warns in the log of client keys that end: once a day and client, by one of the servers on a Redis. */
export function watchEndings(deps: WarnOfEndingsDeps): { stop(): void } {
  const { redis, keys, clients, nowMs, log, lookEveryMs = LOOK_EVERY_MS } = deps;
  const askedAtMs = new Map<string, number>();

  async function look(): Promise<void> {
    const now = nowMs();
    for (const ending of endingClients(clients.keys(), now)) {
      const { client, expiresAtMs } = ending;
      const isAsked = now - (askedAtMs.get(client) ?? Number.NEGATIVE_INFINITY) < lookEveryMs * 60;
      if (isAsked || now - expiresAtMs > SILENT_AFTER_MS) continue;
      const isFirst = await redis.set(keys.warned(sha256Hex(client)), '1', 'EX', DAY_SECONDS, 'NX');
      askedAtMs.set(client, now);
      if (isFirst === 'OK')
        log.warn({ client, expiresAt: new Date(expiresAtMs).toISOString() }, endingText(ending));
    }
    for (const [client, atMs] of askedAtMs) if (now - atMs > lookEveryMs * 60) askedAtMs.delete(client);
  }

  const run = () =>
    // Without Redis nobody knows who has warned; the next look does it.
    look().catch((error: Error) =>
      log.debug({ error: error.message }, 'client keys: could not look for their ends'),
    );
  const timer = setInterval(run, lookEveryMs).unref();
  void run();
  return { stop: () => clearInterval(timer) };
}
