import { defaultPolicy, type RefreshPolicy } from './policy.js';

/** The tickets that pages need for JS-SDK and cards; each lives by its own clock. */
export const TICKET_TYPES = ['jsapi', 'wx_card'] as const;
export type TicketType = (typeof TICKET_TYPES)[number];

/** What can be refreshed for an app. */
export type CredentialKind = 'access-token' | TicketType;

/** One credential of one app: the unit of state, of the lease and of the schedule. */
export interface CredentialId {
  readonly appId: string;
  readonly kind: CredentialKind;
}

export const accessTokenOf = (appId: string): CredentialId => ({ appId, kind: 'access-token' });

/** The name of a credential wherever a text is needed. A job id of the queue may not hold `:`. */
export const nameOf = ({ appId, kind }: CredentialId): string => `${appId}.${kind}`;

/** The rules for a ticket of an app: there is one way of asking for it, and no force. */
export function ticketPolicy(policy: RefreshPolicy): RefreshPolicy {
  return { ...policy, mode: 'classic', leadMs: Math.max(policy.leadMs, defaultPolicy('classic').leadMs) };
}
