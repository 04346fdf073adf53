import type { FaultKind, Lifetime } from '@zhongkong/shared';
import type { RefreshReason } from './policy.js';

/** The tickets that pages need for the JS-SDK and for cards. Each lives by its own clock. */
export const TICKET_TYPES = ['jsapi', 'wx_card'] as const;
export type TicketType = (typeof TICKET_TYPES)[number];

/** What can be refreshed for an app. */
export type CredentialKind = 'access-token' | TicketType;

/** Names one credential of one app: the unit of state, lease and schedule. */
export interface CredentialId {
  readonly appId: string;
  readonly kind: CredentialKind;
}

export const accessTokenOf = (appId: string): CredentialId => ({ appId, kind: 'access-token' });

/** The credential's name in one text. BullMQ allows no `:` in the id of a job. */
export const nameOf = ({ appId, kind }: CredentialId): string => `${appId}.${kind}`;

/** The current value of a credential with its version and its life. */
export interface CredentialRecord extends Lifetime {
  readonly value: string;
  /** Grows with every new value, for ever. */
  readonly version: number;
  readonly obtainedAtMs: number;
}

/** A fetch that was written down before it was sent, and has no answer yet. */
export interface Attempt {
  readonly id: string;
  readonly reason: RefreshReason;
  /** With `force_refresh`, which only stable mode has. */
  readonly force: boolean;
  readonly startedAtMs: number;
}

/**
 * The result of a check. `unclear`: WeChat's answer shows neither life nor death; `unreachable`: WeChat did not answer.
 */
export type Verdict = 'alive' | 'dead' | 'unclear' | 'unreachable';

/** The last check of a credential. */
interface Check {
  readonly version: number;
  readonly startedAtMs: number;
  readonly verdict: Verdict;
}

/** The last fetch that brought no token. */
export interface Failure {
  readonly kind: FaultKind;
  /** Missing when WeChat did not answer with one. */
  readonly errcode?: number;
  /** WeChat's text, or ours when there was no answer. Holds no secret. */
  readonly errmsg: string;
  /** Failures of this kind in a row. */
  readonly count: number;
  readonly atMs: number;
  /** When WeChat may be asked again. Read by `mayAskAtMs` alone. */
  readonly retryAtMs: number;
}

/** Where a server fetches and with which secret. Fingerprints: they show a change and nothing else. */
export interface Origin {
  readonly upstream: string;
  readonly credentials: string;
}

/** What was fetched on one of WeChat's quota days (Asia/Shanghai). */
export interface Usage {
  readonly day: string;
  /** Forced ones included. */
  readonly fetches: number;
  readonly forced: number;
  readonly lastForcedAtMs: number | null;
  readonly lastFetchAtMs: number | null;
}

export const noUsage: Usage = { day: '', fetches: 0, forced: 0, lastForcedAtMs: null, lastFetchAtMs: null };

/** Everything that is known of one credential. It is stored as one value and changed by `step` alone. */
export interface KeeperState {
  /** Counts the changes: of two states with the same version, the higher revision is the newer. */
  readonly revision: number;
  /** Where the record comes from; null before the first session. */
  readonly origin: Origin | null;
  readonly record: CredentialRecord | null;
  /** A new record gets a higher version than this, also when the record that had it is gone. */
  readonly versionFloor: number;
  /** When the schedule replaces the record. */
  readonly refreshAtMs: number | null;
  /** The lead and the jitter that `refreshAtMs` was planned with; null: by an older version. */
  readonly plannedWith: { readonly leadMs: number; readonly jitterMs: number } | null;
  /** When the next session is due; earlier than `refreshAtMs` while something is wrong. */
  readonly wakeAtMs: number | null;
  /** When `wakeAtMs` was planned. If this lies ahead of the clock, the clock was set back, and the plan is void. */
  readonly plannedAtMs: number | null;
  readonly attempt: Attempt | null;
  /**
   * Set when an answer was lost: WeChat may have given out a token that nobody knows, and the current one may end with
   * it. So WeChat is asked again at once.
   */
  readonly doubtSinceMs: number | null;
  readonly lastCheck: Check | null;
  /** The distance from the last check to the next one on a hint. It grows while the token is found alive. */
  readonly hintSpacingMs: number;
  /** A version that was reported dead while no check or fetch was allowed; checked as soon as one is. */
  readonly suspectVersion: number | null;
  /** When the bucket of fetches that reports cause is full again; null, or past: it is full. */
  readonly passiveFullAtMs: number | null;
  /** The attempt that brought the record. */
  readonly settledAttemptId: string | null;
  /** When tokens died before their end without our doing, the latest last; a few, of the last day. */
  readonly earlyDeathsAtMs: readonly number[];
  readonly failure: Failure | null;
  readonly usage: Usage;
}

/** The first distance between two checks on hints is twice this. */
export const FIRST_HINT_SPACING_MS = 500;

export const emptyState: KeeperState = {
  revision: 0,
  origin: null,
  record: null,
  versionFloor: 0,
  refreshAtMs: null,
  plannedWith: null,
  wakeAtMs: null,
  plannedAtMs: null,
  attempt: null,
  doubtSinceMs: null,
  lastCheck: null,
  hintSpacingMs: FIRST_HINT_SPACING_MS,
  suspectVersion: null,
  passiveFullAtMs: null,
  settledAttemptId: null,
  earlyDeathsAtMs: [],
  failure: null,
  usage: noUsage,
};

/** The latest version that a state knows of. */
export function versionOf({ record, versionFloor }: KeeperState): number {
  return Math.max(record?.version ?? 0, versionFloor);
}

/**
 * Whether a state is older than another. The version decides first, since it grows for ever; the revision begins anew
 * when Redis has lost its data, and decides between states of one version.
 */
export function isOlder(state: KeeperState, other: KeeperState): boolean {
  const [version, otherVersion] = [versionOf(state), versionOf(other)];
  return version === otherVersion ? state.revision < other.revision : version < otherVersion;
}

/** Whether the current value was checked and found dead. */
export function isKnownDead({ record, lastCheck }: KeeperState): boolean {
  return record !== null && lastCheck?.version === record.version && lastCheck.verdict === 'dead';
}
