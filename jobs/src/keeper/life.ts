import type { CredentialRecord, KeeperState } from './state.js';
import { CLOCK_ERROR_MS } from './timing.js';

/**
 * The end of a record by this process' monotonic clock, which nobody can set. Instants are written by clocks that may be
 * wrong, and set right later.
 */
export interface KnownLife {
  readonly version: number;
  /** From one instant of the record to the other. It stays when both are moved together. */
  readonly spanMs: number;
  /** By the monotonic clock. */
  readonly endsAt: number;
  /** The record came from the future, so nobody knows how much of its life has passed. */
  readonly isUncertain: boolean;
}

/** Smaller differences come from clocks that go unevenly and from the way to Redis. */
const LIFE_ERROR_MS = 1_000;

const spanOf = ({ expiresAtMs, obtainedAtMs }: CredentialRecord): number => expiresAtMs - obtainedAtMs;

/** What is known of a record's life from now on: its end does not move any more, unless WeChat says so. */
export function knownLife(
  known: KnownLife | null,
  record: CredentialRecord | null,
  nowMs: number,
  monotonicMs: number,
): KnownLife | null {
  if (record === null) return null;
  const { version, expiresAtMs, obtainedAtMs, lifeMs } = record;
  const spanMs = spanOf(record);
  const isSame = known?.version === version && Math.abs(known.spanMs - spanMs) < LIFE_ERROR_MS;
  if (isSame) return known;
  const endsAt = monotonicMs + Math.min(expiresAtMs - nowMs, lifeMs);
  return { version, spanMs, endsAt, isUncertain: obtainedAtMs > nowMs + CLOCK_ERROR_MS };
}

/**
 * The state with instants that agree with the life that the record has left; the same object when they do already. Only
 * a life that is too long is put right: a machine that slept wakes with a shorter one, and that is true.
 */
export function putRight(
  state: KeeperState,
  known: KnownLife | null,
  nowMs: number,
  monotonicMs: number,
): KeeperState {
  const { record, refreshAtMs } = state;
  if (record === null || known === null) return state;
  const tooLongMs = record.expiresAtMs - nowMs - (known.endsAt - monotonicMs);
  if (tooLongMs < LIFE_ERROR_MS) return state;
  return {
    ...state,
    record: {
      ...record,
      obtainedAtMs: record.obtainedAtMs - tooLongMs,
      expiresAtMs: record.expiresAtMs - tooLongMs,
    },
    refreshAtMs: known.isUncertain || refreshAtMs === null ? nowMs : refreshAtMs - tooLongMs,
    // Due at once, so that what is stored is put right too.
    wakeAtMs: null,
    plannedAtMs: null,
  };
}
