import type { ReportVerdict } from '../core/keeper-event.js';
import type { CredentialRecord } from '../core/keeper-state.js';

/** What a report comes to. */
export interface ReportResult {
  readonly verdict: ReportVerdict;
  /** The current token after all that, alive or not; null when there never was one. */
  readonly record: CredentialRecord | null;
  /** A new token came between the report and this answer. */
  readonly refreshed: boolean;
}
