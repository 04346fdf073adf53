import type { ReportAnswer } from '../keeper/event.js';
import type { RefreshPolicy } from '../keeper/policy.js';
import type { Attempt, CredentialId, CredentialRecord, KeeperState, Verdict } from '../keeper/state.js';

/** A fetch has ended, with a token or without. */
export interface FetchEvent {
  readonly id: CredentialId;
  readonly attempt: Attempt;
  /** The client whose report caused it; undefined when none did. */
  readonly client: string | undefined;
  readonly before: KeeperState;
  readonly after: KeeperState;
  readonly policy: RefreshPolicy;
  readonly tookMs: number;
}

/** Another system handed a token over. */
export interface PushEvent {
  readonly id: CredentialId;
  readonly client: string;
  readonly before: KeeperState;
  readonly after: KeeperState;
}

/** The current token was checked. */
interface CheckEvent {
  readonly id: CredentialId;
  readonly record: CredentialRecord;
  readonly verdict: Verdict;
  readonly tookMs: number;
}

/** A client's report was answered. */
export interface ReportEvent {
  readonly id: CredentialId;
  readonly client: string;
  /** What the client's failed call was answered, if the client says so. */
  readonly errcode: number | undefined;
  /** The token that was current when the report came in; null when there was none. */
  readonly reported: CredentialRecord | null;
  /** Undefined when the report could not be answered: Redis was away, or another server held the lease for too long. */
  readonly answer: ReportAnswer | undefined;
  readonly tookMs: number;
}

/** Callers that waited for what was under way already, and asked WeChat and Redis for nothing of their own. */
interface SharedEvent {
  readonly id: CredentialId;
  readonly what: 'report' | 'read';
  readonly callers: number;
}

/** A session had to wait for a lease that another server held. */
export interface LeaseWaitEvent {
  readonly id: CredentialId;
  /** `not-needed`: the other server did the work. `busy`: it held the lease for too long. */
  readonly outcome: 'taken' | 'not-needed' | 'busy' | 'unavailable';
  readonly tookMs: number;
}

/** Hears what the engine does: the log, the history, the metrics. It must not throw. */
export interface EngineObserver {
  fetched(event: FetchEvent): void;
  pushed(event: PushEvent): void;
  checked(event: CheckEvent): void;
  reported(event: ReportEvent): void;
  shared?(event: SharedEvent): void;
  leaseWaited?(event: LeaseWaitEvent): void;
  /** The queue handed a job over, this long after it was due. */
  queueLagged?(lagMs: number): void;
  /** This server's own check woke a credential that the queue should have woken. */
  overdue?(id: CredentialId): void;
}

/** One observer that passes everything on to several. */
export function observeAll(observers: readonly EngineObserver[]): EngineObserver {
  return {
    fetched(event) {
      for (const observer of observers) observer.fetched(event);
    },
    pushed(event) {
      for (const observer of observers) observer.pushed(event);
    },
    checked(event) {
      for (const observer of observers) observer.checked(event);
    },
    reported(event) {
      for (const observer of observers) observer.reported(event);
    },
    shared(event) {
      for (const observer of observers) observer.shared?.(event);
    },
    leaseWaited(event) {
      for (const observer of observers) observer.leaseWaited?.(event);
    },
    queueLagged(lagMs) {
      for (const observer of observers) observer.queueLagged?.(lagMs);
    },
    overdue(id) {
      for (const observer of observers) observer.overdue?.(id);
    },
  };
}

/** The outcome of a report in one word. */
export function outcomeOf({ answer }: ReportEvent): string {
  return answer?.verdict.is ?? 'unanswered';
}
