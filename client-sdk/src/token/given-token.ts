import type { TokenSource } from './token-source.js';

/** A token that the caller answers for: used as it is, and never refreshed. */
export function givenToken(accessToken: string): TokenSource {
  return {
    getAccessToken: async () => accessToken,
    reportInvalid: async () => {
      throw new TypeError('a given access token is never refreshed');
    },
  };
}
