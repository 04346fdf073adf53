import type { Grant, IssueFailure } from '../core/keeper-event.js';
import type { Origin, Verdict } from '../core/keeper-state.js';

export type IssueOutcome = { readonly grant: Grant } | { readonly failure: IssueFailure };

export interface Check {
  readonly startedAtMs: number;
  readonly verdict: Verdict;
}

/** Where one credential of one app comes from. Neither method throws. */
export interface CredentialSource {
  readonly origin: Origin;
  /** @param force asks for a new one even if the current one is good; only stable mode knows that */
  issue(force: boolean): Promise<IssueOutcome>;
  /** Whether a value is still good. */
  verify(value: string): Promise<Check>;
}
