import type { FaultKind } from '@zhongkong/shared';
import type { RefreshPolicy } from './policy.js';
import type { Attempt, CredentialRecord, Failure, KeeperState, Origin, Verdict } from './state.js';

/** What a fetch brought: a value with its life, or a failure. */
export type FetchOutcome = { readonly fetched: Fetched } | { readonly failure: FetchFailure };

export interface Fetched {
  readonly value: string;
  readonly expiresInMs: number;
  /** When the request was sent. The life is counted from here, so that a slow answer makes no token look younger. */
  readonly requestedAtMs: number;
}

export interface FetchFailure {
  readonly kind: FaultKind;
  readonly errcode?: number;
  readonly errmsg: string;
  /** WeChat may have given out a token all the same: the answer was lost or cannot be read. */
  readonly mayHaveSucceeded: boolean;
}

/** The token that a client reports as dead, by whichever name the client knows it. */
export type StaleName = { readonly version: number } | { readonly value: string };

export type KeeperEvent =
  /** A session begins. An attempt that is found now was left behind. */
  | {
      readonly type: 'opened';
      /** The state in this server's memory; newer than the stored one when Redis has lost something. */
      readonly remembered: KeeperState;
      /** This server fetched, or may have fetched, a token that it could not save. */
      readonly inDoubt: boolean;
      /** The first session since this server was started. */
      readonly isStart: boolean;
    }
  /** Do what is due, or plan it. */
  | { readonly type: 'woken' }
  /** A client says that a token is dead. */
  | {
      readonly type: 'reported';
      readonly stale: StaleName;
      /** The version that this server had when the report came in; 0 when it had none. */
      readonly versionAtArrival: number;
      /** The client does not say it, but behaves as if the token were dead. */
      readonly isHint: boolean;
      /** The token was checked since the report came in. */
      readonly isChecked: boolean;
      /** The client waits so much longer for an answer. */
      readonly patienceMs: number;
      /** A check that found the token alive this long ago is enough; 0: only one since the report came in. */
      readonly maxCheckAgeMs: number;
    }
  | {
      readonly type: 'checked';
      readonly version: number;
      readonly startedAtMs: number;
      readonly verdict: Verdict;
      /** Only hints had asked for the check. */
      readonly onHint: boolean;
    }
  /** An operator asks for a new token. */
  | {
      readonly type: 'rotated';
      /** Ask WeChat to end a token that is good; stable mode only, since classic mode always does. */
      readonly force: boolean;
      /** The version that this server had when the operator asked; 0 when it had none. */
      readonly versionAtArrival: number;
      /** WeChat was asked since then. */
      readonly isAsked: boolean;
    }
  /** Another system, which fetches this app's tokens, hands one over. */
  | { readonly type: 'pushed'; readonly value: string; readonly expiresInMs: number }
  /** WeChat answered a fetch, or did not. */
  | { readonly type: 'answered'; readonly attemptId: string; readonly outcome: FetchOutcome };

/** The answer to a report. */
export interface ReportAnswer {
  readonly verdict: ReportVerdict;
  /** The current token, alive or not; null when there never was one. */
  readonly record: CredentialRecord | null;
}

export type ReportVerdict =
  /** A new token came since the report came in. */
  | { readonly is: 'refreshed' }
  /** The reported token was not the current one any more. */
  | { readonly is: 'superseded' }
  | { readonly is: 'still-valid' }
  /** It was only a hint, and a check could not tell, or may not be made yet. */
  | { readonly is: 'unchecked' }
  /** The token is dead, and the system that pushes this app's tokens has to push the next one. */
  | { readonly is: 'awaiting-push' }
  /** WeChat is asked nothing for this app. */
  | { readonly is: 'paused' }
  | { readonly is: 'cooldown'; readonly untilMs: number }
  /** WeChat did not answer the check. */
  | { readonly is: 'uncheckable'; readonly retryAtMs: number }
  | { readonly is: 'over-budget'; readonly untilMs: number }
  | { readonly is: 'failed'; readonly failure: Failure };

export type KeeperCommand =
  /** Ask WeChat for a token; the outcome comes back as `answered`. */
  | { readonly do: 'fetch'; readonly attempt: Attempt }
  /** Check the record's value with one cheap call; the verdict comes back as `checked`. */
  | { readonly do: 'check'; readonly record: CredentialRecord; readonly onHint: boolean }
  /** Come back with `woken` at this instant. */
  | { readonly do: 'wake'; readonly atMs: number }
  /** Come back with the same report at this instant: the check or the fetch that it needs may not start earlier. */
  | { readonly do: 'retry-report'; readonly atMs: number }
  | { readonly do: 'answer'; readonly verdict: ReportVerdict };

export interface StepContext {
  readonly nowMs: number;
  /** 0 ≤ random < 1. */
  readonly random: number;
  /** The id of the attempt that this step may start; unique for ever. */
  readonly attemptId: string;
  readonly policy: RefreshPolicy;
  /** Where this server fetches and with which secret. */
  readonly origin: Origin;
}

export interface StepResult {
  readonly state: KeeperState;
  /** What to do after the state is saved; null: nothing. Saving is what tells the other servers. */
  readonly command: KeeperCommand | null;
}
