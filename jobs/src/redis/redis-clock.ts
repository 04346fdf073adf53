import type { Clock } from '@zhongkong/shared';
import type { RedisClient } from './connections.js';

/** An answer that took longer than this gives the time too roughly. */
const ROUND_TRIP_MS_MAX = 500;

/** The time of Redis, so that servers whose own clocks differ agree on when a token ends. */
export interface RedisClock extends Clock {
  /** Compares with Redis. Rejects while Redis is away; the last difference stays in use. */
  sync(): Promise<void>;
  /** How far this machine's clock is behind; negative when it is ahead. */
  readonly offsetMs: number;
}

/** @param own a steady clock; the machine's own may be set at any time, and then the time of Redis is the one to follow */
export function createRedisClock(redis: RedisClient, own: Clock): RedisClock {
  let offsetMs = 0;
  return {
    nowMs: () => own.nowMs() + offsetMs,
    get offsetMs() {
      return offsetMs;
    },
    async sync() {
      const sentAtMs = own.nowMs();
      const [seconds, micros] = await redis.time();
      const tookMs = own.nowMs() - sentAtMs;
      if (tookMs < 0 || tookMs > ROUND_TRIP_MS_MAX) return;
      offsetMs = Number(seconds) * 1000 + Number(micros) / 1000 - (sentAtMs + tookMs / 2);
    },
  };
}
