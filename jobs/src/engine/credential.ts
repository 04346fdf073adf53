import type { CredentialId } from '../core/credential.js';
import type { ReportVerdict } from '../core/keeper-event.js';
import type { CredentialRecord, KeeperState } from '../core/keeper-state.js';
import type { RefreshPolicy } from '../core/policy.js';
import type { HistoryEntry } from './history.js';

/** The token that a client reports as dead, by whichever name the client knows it. */
export type StaleName = { readonly version: number } | { readonly value: string };

/** A client says that a token is dead. */
export interface Report {
  /** The name of the client, for history and metrics. */
  readonly client: string;
  readonly stale: StaleName;
  /** What the client's failed call was answered, if the client says so. */
  readonly errcode?: number | undefined;
  /**
   * The client does not say that the token is dead, but behaves as if it were. Hints are followed less and less often
   * while the token is found alive.
   * @defaultValue false
   */
  readonly isHint?: boolean;
}

/** The answer to a report. */
export interface ReportAnswer {
  readonly verdict: ReportVerdict | { readonly is: 'refreshed' };
  /** The current token, alive or not; null when there never was one. */
  readonly record: CredentialRecord | null;
}

/** A token that another system fetched. */
export interface PushedValue {
  readonly value: string;
  readonly expiresInMs: number;
  /** The name of the client that pushes it. */
  readonly client: string;
}

/** The access token or a ticket of one app, as this server knows it. */
export interface Credential {
  readonly id: CredentialId;
  readonly policy: RefreshPolicy;
  /** What this server knows; never waits. */
  state(): KeeperState;
  /** The living record in memory; null when there is none. */
  live(): CredentialRecord | null;
  /** The living record; without one, waits up to this long for one, unless WeChat may not be asked before that. */
  awaitLive(timeoutMs: number): Promise<CredentialRecord | null>;
  /** When WeChat may be asked for a value again; null: now. */
  retryAtMs(): number | null;
  /**
   * The passive refresh.
   * @throws CodedError `store_unavailable`, `taken_over`, `lease_busy` when neither this server nor another can do it
   *   now; `too_many_reports` when more wait than a server takes
   */
  report(report: Report): Promise<ReportAnswer>;
  /** Takes over a value that another system fetched. @returns the current record @throws CodedError as `report` does */
  push(pushed: PushedValue): Promise<CredentialRecord>;
  /** Does what is due, or plans it. @throws CodedError as `report` does */
  wake(): Promise<void>;
  /** Fetches and reports, the newest first. @param before only entries older than this id @throws CodedError `store_unavailable` */
  history(limit: number, before?: string): Promise<HistoryEntry[]>;
}
