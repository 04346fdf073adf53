/** Where calls get their token from, and whom they tell when it turns out to be dead. */
export interface TokenSource {
  getAccessToken(): Promise<string>;
  /** Resolves to the token to use now; it may be the same one. */
  reportInvalid(accessToken: string, errcode: number): Promise<string>;
}
