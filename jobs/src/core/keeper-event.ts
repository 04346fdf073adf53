import type { FaultKind } from '@zhongkong/shared';
import type { Attempt, CredentialRecord, Failure, KeeperState, Verdict } from './keeper-state.js';
import type { RefreshPolicy } from './policy.js';

/** What the platform gave. */
export interface Grant {
  readonly value: string;
  readonly expiresInMs: number;
  /** When the request was sent: the life is counted from there, so that a slow answer makes no token look younger. */
  readonly requestedAtMs: number;
}

/** How an attempt failed. */
export interface IssueFailure {
  readonly kind: FaultKind;
  readonly errcode?: number;
  readonly errmsg: string;
  /** `true` when a token may have been issued all the same: the answer was lost or unreadable. */
  readonly mayHaveIssued: boolean;
}

export type KeeperEvent =
  /**
   * A new holder of the lease begins: an attempt found now was left behind. `remembered` is the state that this
   * server holds in memory; it may be newer than the stored one, which Redis may have lost. `inDoubt`: this server got,
   * or may have got, a token while another had the lease.
   */
  | { readonly type: 'opened'; readonly remembered: KeeperState; readonly inDoubt: boolean }
  /** Look what is due; do it, or plan it. */
  | { readonly type: 'woken' }
  /** An operator wants a new token. */
  | { readonly type: 'ordered' }
  /** Clients say that this version is dead. `arrivedAtMs`: when the last of these reports came in. */
  | { readonly type: 'reported'; readonly version: number; readonly arrivedAtMs: number }
  | {
      readonly type: 'verified';
      readonly version: number;
      readonly startedAtMs: number;
      readonly verdict: Verdict;
    }
  | { readonly type: 'granted'; readonly attemptId: string; readonly grant: Grant }
  | { readonly type: 'grant-failed'; readonly attemptId: string; readonly failure: IssueFailure };

/** What a report comes to. */
export type ReportVerdict =
  | { readonly is: 'superseded' }
  | { readonly is: 'still-valid' }
  | { readonly is: 'cooldown'; readonly untilMs: number }
  | { readonly is: 'unverifiable'; readonly retryAtMs: number }
  | { readonly is: 'failed'; readonly failure: Failure };

export type KeeperCommand =
  /** Ask the platform for a token; the outcome comes back as `granted` or `grant-failed`. */
  | { readonly do: 'issue'; readonly attempt: Attempt }
  /** Check the record's value with one cheap call; the outcome comes back as `verified`. */
  | { readonly do: 'verify'; readonly record: CredentialRecord }
  /** Tell everyone about the record. */
  | { readonly do: 'publish'; readonly record: CredentialRecord }
  /** Come back with `woken` at this instant. */
  | { readonly do: 'wake'; readonly atMs: number }
  /** Come back with the same report at this instant: a check may not start earlier. */
  | { readonly do: 'hold'; readonly untilMs: number }
  | { readonly do: 'answer'; readonly verdict: ReportVerdict }
  /** Nothing to do; `reason` is for the log. */
  | { readonly do: 'ignore'; readonly reason: 'attempt-outstanding' | 'late-answer' | 'late-verification' };

export interface StepContext {
  readonly nowMs: number;
  /** 0 ≤ random < 1. */
  readonly random: number;
  /** A name for the attempt that this step may start; unique for ever. */
  readonly attemptId: string;
  readonly policy: RefreshPolicy;
}

export interface StepResult {
  readonly state: KeeperState;
  readonly commands: readonly KeeperCommand[];
}
