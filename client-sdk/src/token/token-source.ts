/** Where calls get their token from, and whom they tell when it turns out to be dead. */
export interface TokenSource {
  getAccessToken(): Promise<string>;
  /**
   * Resolves to the token to use now; it may be the same one. Rejects when there is no other: then the platform's own
   * answer to the call stands.
   */
  reportInvalid(accessToken: string, errcode: number): Promise<string>;
}

/** A token source that also knows the token's life, and holds what is to be freed in the end. */
export interface OwnedTokenSource extends TokenSource {
  /** The token with the whole seconds that it still lives. */
  read(): Promise<{ accessToken: string; expiresIn: number }>;
  close(): Promise<void>;
}
