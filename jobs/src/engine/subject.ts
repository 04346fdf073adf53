import type { CredentialId } from '../core/credential.js';
import type { RefreshPolicy } from '../core/policy.js';
import type { CredentialSource } from '../issuer/credential-source.js';

/** A credential that is looked after: its name, its rules, where it comes from. */
export interface Subject {
  readonly id: CredentialId;
  readonly policy: RefreshPolicy;
  readonly source: CredentialSource;
}
