import type { RefreshPolicy } from '../core/policy.js';

/** One app as the engine needs to know it. */
export interface AppSettings {
  readonly appId: string;
  readonly secret: string;
  readonly policy: RefreshPolicy;
}
