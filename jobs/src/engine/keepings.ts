import { accessTokenOf, type CredentialId, nameOf, TICKET_TYPES, ticketPolicy } from '../core/credential.js';
import type { RefreshPolicy } from '../core/policy.js';
import type { AppSettings } from '../issuer/app-settings.js';
import type { AccessTokens } from '../issuer/ticket-source.js';
import type { Issuer } from '../issuer/wechat-issuer.js';
import type { Keeping } from './keeping.js';
import { Refresher, type RefresherTools } from './refresher.js';
import type { Subject } from './subject.js';

export interface KeepingsOptions {
  readonly apps: readonly AppSettings[];
  readonly issuer: Issuer;
  readonly tools: RefresherTools;
  /** Whether no other server can be on this Redis: then all may be done without it as well. */
  readonly isOnlyServer: boolean;
  /** The access token with which an app's tickets are fetched. */
  readonly accessTokens: (appId: string) => AccessTokens;
}

/** All credentials of all apps, by name. */
export function createKeepings(options: KeepingsOptions): ReadonlyMap<string, Keeping> {
  const { apps, issuer, tools, isOnlyServer, accessTokens } = options;
  const keepings = new Map<string, Keeping>();
  const keep = (id: CredentialId, policy: RefreshPolicy, source: Subject['source']) => {
    const policyAlone = isOnlyServer ? policy : aloneAmongOthers(policy);
    const refresher = new Refresher(tools, { id, policy, source, policyAlone });
    keepings.set(nameOf(id), { id, policy, source, refresher });
  };
  for (const app of apps) {
    keep(accessTokenOf(app.appId), app.policy, issuer.accessToken(app));
    for (const kind of TICKET_TYPES) {
      const source = issuer.ticket(app, kind, accessTokens(app.appId));
      keep({ appId: app.appId, kind }, ticketPolicy(app.policy), source);
    }
  }
  return keepings;
}

/**
 * In stable mode a normal call brings everybody the same token, so nobody is harmed by one who asks alone; a forced
 * call would end the token of the others.
 */
function aloneAmongOthers(policy: RefreshPolicy): RefreshPolicy | null {
  return policy.mode === 'stable' ? { ...policy, forceBudget: 0 } : null;
}
