/** What can be refreshed for an app. */
export type CredentialKind = 'access-token';

/** One credential of one app: the unit of state, of the lease and of the schedule. */
export interface CredentialId {
  readonly appId: string;
  readonly kind: CredentialKind;
}

export const accessTokenOf = (appId: string): CredentialId => ({ appId, kind: 'access-token' });
