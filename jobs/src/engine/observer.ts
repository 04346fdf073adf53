import type { CredentialId } from '../core/credential.js';
import type { Attempt, CredentialRecord, KeeperState, Verdict } from '../core/keeper-state.js';
import type { RefreshPolicy } from '../core/policy.js';
import type { ReportAnswer } from './credential.js';

/** A fetch that has ended, well or not. */
export interface AttemptEvent {
  readonly id: CredentialId;
  readonly attempt: Attempt;
  /** On whose word, when it was a client's. */
  readonly client: string | undefined;
  readonly before: KeeperState;
  readonly after: KeeperState;
  readonly policy: RefreshPolicy;
  readonly tookMs: number;
}

/** A token that another system handed over. */
export interface PushEvent {
  readonly id: CredentialId;
  readonly client: string;
  readonly before: KeeperState;
  readonly after: KeeperState;
}

/** A check of the current token. */
export interface VerificationEvent {
  readonly id: CredentialId;
  readonly record: CredentialRecord;
  readonly verdict: Verdict;
  readonly tookMs: number;
}

/** A client's report, answered. */
export interface ReportEvent {
  readonly id: CredentialId;
  readonly client: string;
  /** What the client's failed call had answered, if it says so. */
  readonly errcode: number | undefined;
  /** Fingerprint of the token that was current when the report came in; undefined when there was none. */
  readonly fingerprint: string | undefined;
  /** Undefined when it could not be answered, because the store was away. */
  readonly answer: ReportAnswer | undefined;
  readonly tookMs: number;
}

/** Hears what the engine does: the log, the history, the metrics. It must not throw. */
export interface EngineObserver {
  attempted(event: AttemptEvent): void;
  pushed(event: PushEvent): void;
  verified(event: VerificationEvent): void;
  reported(event: ReportEvent): void;
}

/** Tells several observers. */
export function tellAll(observers: readonly EngineObserver[]): EngineObserver {
  return {
    attempted(event) {
      for (const observer of observers) observer.attempted(event);
    },
    pushed(event) {
      for (const observer of observers) observer.pushed(event);
    },
    verified(event) {
      for (const observer of observers) observer.verified(event);
    },
    reported(event) {
      for (const observer of observers) observer.reported(event);
    },
  };
}

/** What a report came to, in one word. */
export function outcomeOf({ answer }: ReportEvent): string {
  return answer?.verdict.is ?? 'unanswered';
}
