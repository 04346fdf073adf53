import { randomBytes } from 'node:crypto';
import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import type { App } from './app.js';
import { appConfigSchema, DEMO_APP } from './app-config.js';
import { fetchToken, type TokenOrder } from './fetch-token.js';
import { Platform } from './platform.js';
import { checkTokenRecord, type TokenRecord } from './token-record.js';

const orders: TokenOrder[] = [
  { endpoint: 'token', forceRefresh: false },
  { endpoint: 'stable_token', forceRefresh: false },
  { endpoint: 'stable_token', forceRefresh: true },
];
const step = fc.record({
  waitMs: fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 8_000_000 })),
  order: fc.constantFrom(...orders),
});

interface Moment {
  nowMs: number;
  order: TokenOrder;
  /** What was answered; undefined over a quota. */
  answered: TokenRecord | undefined;
  /** The pools just before and just after the call. */
  before: App['pools'];
  after: App['pools'];
  /** Everything issued so far. */
  issued: ReadonlySet<TokenRecord>;
}

/** Calls at random times and in random order, each looked at when it has been answered. */
function always(holds: (moment: Moment) => boolean): void {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const platform = new Platform(randomBytes);
      const app = platform.putApp(appConfigSchema.parse(DEMO_APP));
      const issued = new Set<TokenRecord>();
      let nowMs = Date.parse('2026-11-22T04:00:00Z');
      return steps.every(({ waitMs, order }) => {
        nowMs += waitMs;
        const before = structuredClone(app.pools);
        const answered = orUndefined(() => fetchToken(platform, app, order, nowMs));
        if (answered) issued.add(answered);
        return holds({ nowMs, order, answered, before, after: app.pools, issued });
      });
    }),
  );
}

function orUndefined<Value>(step: () => Value): Value | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}

describe('fetchToken, whatever the calls and their times', () => {
  it('answers a token that lives, for 7200 seconds from /cgi-bin/token and for 300 at least from stable_token', () => {
    always(({ answered, nowMs, order }) => {
      if (!answered) return true;
      const leftMs = answered.usableUntilMs - nowMs;
      return order.endpoint === 'token' ? leftMs === 7_200_000 : leftMs > 300_000;
    });
  });

  it('leaves the pool of the other endpoint as it was, and both when a quota is reached', () => {
    always(({ answered, order, before, after }) => {
      const others = (['token', 'stable_token'] as const).filter(
        (name) => !answered || name !== order.endpoint,
      );
      return others.every((name) => JSON.stringify(before[name]) === JSON.stringify(after[name]));
    });
  });

  it('gives a replaced token five more minutes, never more than its own life, and ends the one before it', () => {
    always(({ answered, order, before, after, nowMs }) => {
      const [old, older] = [before[order.endpoint].current, before[order.endpoint].previous];
      const { previous, current } = after[order.endpoint];
      if (!answered || !old || current?.accessToken === old.accessToken) return true;
      const endsAtMs = nowMs < old.expiresAtMs ? Math.min(old.expiresAtMs, nowMs + 300_000) : old.expiresAtMs;
      const isGone =
        older?.accessToken !== previous?.accessToken && older?.accessToken !== current?.accessToken;
      return previous?.usableUntilMs === endsAtMs && isGone;
    });
  });

  it('never lets more than two tokens of a pool live', () => {
    always(({ issued, order, nowMs }) => {
      const alive = [...issued].filter((record) => checkTokenRecord(record, nowMs) === 0);
      return alive.filter(({ endpoint }) => endpoint === order.endpoint).length <= 2;
    });
  });
});
