import type { KnownTokens } from './known-tokens.js';
import { PlatformFault } from './platform-fault.js';

/** The app of a token that we gave out, from the query of a call. @throws PlatformFault 41001, 40001 */
export function appOfToken(accessToken: unknown, knownTokens: KnownTokens): string {
  if (typeof accessToken !== 'string' || accessToken === '') throw new PlatformFault(41001);
  const appId = knownTokens.appOf(accessToken);
  if (appId === undefined) throw new PlatformFault(40001);
  return appId;
}
