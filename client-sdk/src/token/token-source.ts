/** Where calls get their token from, and where they report it when it turns out to be dead. */
export interface TokenSource {
  getAccessToken(): Promise<string>;
  /**
   * Resolves to the token to use now; it may be the same one. Rejects when there is none: then WeChat's own answer to the
   * call stands.
   */
  reportInvalid(accessToken: string, errcode: number): Promise<string>;
}

/** A token source that also knows the token's life, and holds what is to be freed in the end. */
export interface OwnedTokenSource extends TokenSource {
  /** The token with the whole seconds that it still lives. */
  read(): Promise<{ accessToken: string; expiresIn: number }>;
  close(): Promise<void>;
}

/** A token that the caller answers for: used as it is, and never refreshed. */
export function givenToken(accessToken: string): TokenSource {
  return {
    getAccessToken: async () => accessToken,
    reportInvalid: async () => {
      throw new TypeError('a given access token is never refreshed');
    },
  };
}
