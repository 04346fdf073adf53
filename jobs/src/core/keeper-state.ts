import type { FaultKind, Lifetime } from '@zhongkong/shared';
import { noUsage, type Usage } from './budget.js';
import type { RefreshReason } from './refresh-reason.js';

/** Doubled by each check on a hint that finds the token alive, and before it is used first. */
export const FIRST_HINT_SPACING_MS = 500;

/** A credential as it is given out: an access token (or, alike, a ticket) with its version and its life. */
export interface CredentialRecord extends Lifetime {
  readonly value: string;
  /** Grows with every new value, for ever. */
  readonly version: number;
  readonly obtainedAtMs: number;
}

/** A question put to the platform whose answer is not in yet. */
export interface Attempt {
  readonly id: string;
  readonly reason: RefreshReason;
  /** With `force_refresh`, which only stable mode knows. */
  readonly force: boolean;
  readonly startedAtMs: number;
}

/**
 * What a check of the current token came to. `unclear`: the platform answered something that tells neither;
 * `unreachable`: it did not answer.
 */
export type Verdict = 'alive' | 'dead' | 'unclear' | 'unreachable';

export interface Verification {
  readonly version: number;
  readonly startedAtMs: number;
  readonly verdict: Verdict;
}

/** The last fetch that failed, and when the next may be tried. */
export interface Failure {
  readonly kind: FaultKind;
  /** Missing when the platform did not answer with one. */
  readonly errcode?: number;
  /** The platform's words, or ours when it did not answer; never holds a secret. */
  readonly errmsg: string;
  /** Failures in a row. */
  readonly count: number;
  readonly atMs: number;
  readonly retryAtMs: number;
}

/** Whom a server asks, and as whom; fingerprints, so that a change is seen and nothing else. */
export interface Origin {
  readonly upstream: string;
  readonly credentials: string;
}

/** All that is known of one credential; stored as one value, changed only by `step`. */
export interface KeeperState {
  /** Counts the changes, so that of two states of one version the newer is known. */
  readonly revision: number;
  /** Where the state comes from; null before anything was fetched. */
  readonly origin: Origin | null;
  readonly record: CredentialRecord | null;
  /** No version up to this one is given to a new record, even when the record that had it is gone. */
  readonly versionFloor: number;
  /** When the schedule wants the record replaced. */
  readonly refreshAtMs: number | null;
  /** When somebody has to look again; earlier than `refreshAtMs` while something is wrong. */
  readonly wakeAtMs: number | null;
  readonly attempt: Attempt | null;
  /**
   * Since when a token may exist that nobody knows, because an answer was lost: the current one may die before
   * its time, so the platform is asked again at once.
   */
  readonly doubtSinceMs: number | null;
  readonly verification: Verification | null;
  /** From the last check to the next that may be made on a hint: it grows while the token is found alive. */
  readonly hintSpacingMs: number;
  /** A version reported dead during the cooldown; looked at as soon as that ends. */
  readonly suspectVersion: number | null;
  /** The last fetch that was made on clients' word. */
  readonly passiveFetchAtMs: number | null;
  /** The attempt that brought the record. */
  readonly settledAttemptId: string | null;
  /** When tokens were found dead before their time and without us, the latest last; a few, of the last day. */
  readonly earlyDeathsAtMs: readonly number[];
  readonly failure: Failure | null;
  readonly usage: Usage;
}

export const emptyState: KeeperState = {
  revision: 0,
  origin: null,
  record: null,
  versionFloor: 0,
  refreshAtMs: null,
  wakeAtMs: null,
  attempt: null,
  doubtSinceMs: null,
  verification: null,
  hintSpacingMs: FIRST_HINT_SPACING_MS,
  suspectVersion: null,
  passiveFetchAtMs: null,
  settledAttemptId: null,
  earlyDeathsAtMs: [],
  failure: null,
  usage: noUsage,
};
