import { type Clock, fingerprint } from '@zhongkong/shared';
import type { TicketType } from '../core/credential.js';
import { accessTokenSource } from './access-token-source.js';
import type { AppSettings } from './app-settings.js';
import type { CredentialSource } from './credential-source.js';
import { type AccessTokens, ticketSource } from './ticket-source.js';
import { createUpstream } from './upstream.js';

/** Whoever issues credentials: for each of them, where it comes from. */
export interface Issuer {
  accessToken(app: AppSettings): CredentialSource;
  ticket(app: AppSettings, type: TicketType, accessTokens: AccessTokens): CredentialSource;
}

/** The WeChat platform as issuer. */
export function createWechatIssuer(baseUrl: string, clock: Clock): Issuer {
  const upstream = createUpstream(baseUrl);
  const originOf = ({ secret, policy }: AppSettings) => ({
    upstream: fingerprint(baseUrl),
    credentials: fingerprint(`${policy.mode} ${secret}`),
  });
  return {
    accessToken: (app) => accessTokenSource(upstream, app, originOf(app), clock),
    ticket: (app, type, accessTokens) =>
      ticketSource(upstream, type, app.policy.upstreamTimeoutMs, accessTokens, originOf(app), clock),
  };
}
