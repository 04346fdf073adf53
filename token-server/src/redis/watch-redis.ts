import type { Logger } from '../logger.js';
import { isRefusal, type RedisFault, redisFault } from './redis-fault.js';

const CHECK_EVERY_MS = 2_000;
/** A fault that lasts is logged again this often. */
const REPEAT_EVERY_MS = 300_000;

/** `refusing`: Redis answers, but does not do what the server needs, such as accept writes. */
export type RedisStatus = 'reachable' | 'unreachable' | 'refusing';

export interface RedisWatchOptions {
  /** The address, for people to read. */
  readonly name: string;
  readonly isEmbedded: boolean;
  readonly log: Logger;
  readonly isConnected: () => boolean;
  /** Writes a little; rejects when Redis does not accept that. */
  readonly probeWrite: () => Promise<void>;
  /** Tries everything that the server needs, on a connection of its own. */
  readonly probeAll: () => Promise<void>;
  /** Called when Redis has stopped refusing. */
  readonly recovered: () => void;
  /** @defaultValue 2000 */
  readonly checkEveryMs?: number;
}

export interface RedisWatch {
  status(): RedisStatus;
  /** Has everything checked soon, when this error is one that tells more than about its own command. */
  suspect(error: Error): void;
  stop(): void;
}

/** Checks Redis every two seconds, and logs one line when it cannot be used, and one when it can again. */
export function watchRedis(options: RedisWatchOptions): RedisWatch {
  const { name, isEmbedded, log, isConnected, recovered, checkEveryMs = CHECK_EVERY_MS } = options;
  let current: RedisFault | null = null;
  let since = 0;
  let loggedAt = 0;
  let isSuspect = false;
  let isChecking = false;

  async function faultOf(probe: () => Promise<void>): Promise<RedisFault | null> {
    try {
      await probe();
      return null;
    } catch (error) {
      return redisFault(error, isEmbedded);
    }
  }

  /** The cheap probe first. The whole one finds the cause, and shows whether a refusal is over. */
  async function check(): Promise<void> {
    const written = await faultOf(options.probeWrite);
    if (written?.is === 'refusing') return note(written);
    if (written === null && !isSuspect && current?.is !== 'refusing') return note(null);
    isSuspect = false;
    if (current === null && written !== null) current = written;
    note(await faultOf(options.probeAll));
  }

  function note(fault: RedisFault | null): void {
    const now = performance.now();
    if (fault === null) {
      if (loggedAt > 0)
        log.info({ downSeconds: Math.round((now - since) / 1000) }, `Redis at ${name} works again`);
      if (current?.is === 'refusing') recovered();
      loggedAt = 0;
    } else {
      if (loggedAt === 0) since = now;
      const isNew = loggedAt === 0 || fault.reason !== current?.reason;
      if (isNew || now - loggedAt > REPEAT_EVERY_MS) {
        loggedAt = now;
        log.warn(
          { redis: fault.is },
          `Redis at ${name} cannot be used, since ${fault.reason}: ${fault.remedy}. Living tokens are given out from memory meanwhile.`,
        );
      }
    }
    current = fault;
  }

  const timer = setInterval(() => {
    if (isChecking) return;
    isChecking = true;
    void check().finally(() => {
      isChecking = false;
    });
  }, checkEveryMs);
  timer.unref();
  return {
    status: () => (isConnected() ? (current?.is ?? 'reachable') : (current?.is ?? 'unreachable')),
    suspect(error) {
      if (isRefusal(error)) isSuspect = true;
    },
    stop: () => clearInterval(timer),
  };
}
