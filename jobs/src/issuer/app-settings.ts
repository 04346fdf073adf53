import type { RefreshPolicy } from '../core/policy.js';

/** One app as the engine needs to know it. */
export interface AppSettings {
  readonly appId: string;
  /** Null when nothing is ever fetched with it: in external mode. */
  readonly secret: string | null;
  readonly policy: RefreshPolicy;
}
