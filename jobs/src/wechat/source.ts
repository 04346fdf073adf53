import type { FetchOutcome } from '../keeper/event.js';
import type { RefreshPolicy } from '../keeper/policy.js';
import type { Verdict } from '../keeper/state.js';

/** One app as the engine needs to know it. */
export interface AppSettings {
  readonly appId: string;
  /** Null when nothing is ever fetched with it: in external mode. */
  readonly secret: string | null;
  readonly policy: RefreshPolicy;
}

/** The result of one check. */
export interface CheckResult {
  readonly startedAtMs: number;
  readonly verdict: Verdict;
}

/** Where the credentials of one kind come from; shared by all apps. Its methods never reject. */
export interface CredentialSource {
  /** @param force asks for a new one even if the current one is good; stable mode only */
  fetch(app: AppSettings, force: boolean): Promise<FetchOutcome>;
  /** Whether a value is still good. */
  check(app: AppSettings, value: string): Promise<CheckResult>;
}
