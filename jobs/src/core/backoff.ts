import { type FaultKind, nextShanghaiDayAtMs } from '@zhongkong/shared';

interface BackoffRange {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Without a living token every second counts: nobody can work. With one there is time. */
const TRANSIENT_WITHOUT_TOKEN: BackoffRange = { firstMs: 500, maxMs: 5_000 };
const TRANSIENT: BackoffRange = { firstMs: 1_000, maxMs: 60_000 };
/** The quota is counted by the minute. */
const THROTTLED: BackoffRange = { firstMs: 60_000, maxMs: 60_000 };
/** Only an operator can mend it; asking often would only get the address blocked. */
const MISCONFIGURED: BackoffRange = { firstMs: 30_000, maxMs: 600_000 };

/** So soon after midnight WeChat may still count the day before; waiting for the next would lose a day. */
const CLOCKS_DIFFER_MS = 600_000;

export interface Setback {
  readonly kind: FaultKind;
  /** How many failures in a row, this one included; at least 1. */
  readonly count: number;
  /** End of the token that is still in use, or null when there is none alive. */
  readonly liveUntilMs: number | null;
}

/**
 * When to ask the platform again after a failure. Delays double, are spread by ±25 %, and never use up more than a
 * quarter of the life that the current token has left.
 */
export function retryAtMs(setback: Setback, nowMs: number, random: number): number {
  if (setback.kind === 'exhausted') {
    const dayAtMs = nextShanghaiDayAtMs(nowMs - CLOCKS_DIFFER_MS);
    if (dayAtMs > nowMs) return dayAtMs;
  }
  const range = rangeFor(setback);
  const doubledMs = Math.min(range.maxMs, range.firstMs * 2 ** Math.min(setback.count - 1, 20));
  const spreadMs = doubledMs * (0.75 + random / 2);
  if (setback.kind !== 'transient' || setback.liveUntilMs === null) return nowMs + spreadMs;
  return nowMs + Math.max(range.firstMs / 4, Math.min(spreadMs, (setback.liveUntilMs - nowMs) / 4));
}

function rangeFor({ kind, liveUntilMs }: Setback): BackoffRange {
  if (kind === 'misconfigured' || kind === 'rejected') return MISCONFIGURED;
  if (kind === 'throttled' || kind === 'exhausted') return THROTTLED;
  return liveUntilMs === null ? TRANSIENT_WITHOUT_TOKEN : TRANSIENT;
}
