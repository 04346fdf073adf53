import type { FaultKind } from '@zhongkong/shared';
import type { Attempt, CredentialRecord, Failure, KeeperState, Origin, Verdict } from './keeper-state.js';
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
  /** A new session begins, so an attempt found now was left behind. */
  | {
      readonly type: 'opened';
      /** The state that this server holds in memory; newer than the stored one when Redis has lost something. */
      readonly remembered: KeeperState;
      /** This server got, or may have got, a token that it could not save. */
      readonly inDoubt: boolean;
      /** The first session since this server was started. */
      readonly isStart: boolean;
    }
  /** Look what is due; do it, or plan it. */
  | { readonly type: 'woken' }
  /** Clients say that this version is dead. */
  | {
      readonly type: 'reported';
      readonly version: number;
      /** They do not say so, but behave as if it were. */
      readonly isHint: boolean;
      /** The check that they ask for was made since they said so. */
      readonly isChecked: boolean;
    }
  | {
      readonly type: 'verified';
      readonly version: number;
      readonly startedAtMs: number;
      readonly verdict: Verdict;
      /** The check was made on a mere hint. */
      readonly onHint: boolean;
    }
  /** Another system, which fetches this app's tokens, hands one over. */
  | { readonly type: 'pushed'; readonly value: string; readonly expiresInMs: number }
  | { readonly type: 'granted'; readonly attemptId: string; readonly grant: Grant }
  | { readonly type: 'grant-failed'; readonly attemptId: string; readonly failure: IssueFailure };

/** What a report comes to. */
export type ReportVerdict =
  | { readonly is: 'superseded' }
  | { readonly is: 'still-valid' }
  /** It was only a hint, and hints are not followed at the moment. */
  | { readonly is: 'unchecked' }
  /** The token is gone, and the system that pushes this app's tokens has to push the next one. */
  | { readonly is: 'awaiting-push' }
  | { readonly is: 'cooldown'; readonly untilMs: number }
  | { readonly is: 'unverifiable'; readonly retryAtMs: number }
  | { readonly is: 'over-budget'; readonly untilMs: number }
  | { readonly is: 'failed'; readonly failure: Failure };

export type KeeperCommand =
  /** Ask the platform for a token; the outcome comes back as `granted` or `grant-failed`. */
  | { readonly do: 'issue'; readonly attempt: Attempt }
  /** Check the record's value with one cheap call; the outcome comes back as `verified`. */
  | { readonly do: 'verify'; readonly record: CredentialRecord; readonly onHint: boolean }
  /** Come back with `woken` at this instant. */
  | { readonly do: 'wake'; readonly atMs: number }
  /** Come back with the same report at this instant: a check may not start earlier. */
  | { readonly do: 'hold'; readonly untilMs: number }
  | { readonly do: 'answer'; readonly verdict: ReportVerdict };

export interface StepContext {
  readonly nowMs: number;
  /** 0 ≤ random < 1. */
  readonly random: number;
  /** A name for the attempt that this step may start; unique for ever. */
  readonly attemptId: string;
  readonly policy: RefreshPolicy;
  /** Whom this server asks, and as whom. */
  readonly origin: Origin;
}

export interface StepResult {
  readonly state: KeeperState;
  /** What to do after the state is saved; saving it is what tells the other servers. Empty when there is nothing. */
  readonly commands: readonly KeeperCommand[];
}
