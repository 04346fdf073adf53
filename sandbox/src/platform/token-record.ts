/**
 * The two endpoints that issue tokens. Their pools are isolated: neither ends the other's tokens.
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
 */
export type TokenEndpoint = 'token' | 'stable_token';

/** One access token, from its issue to its end. Instants are Unix milliseconds. */
export interface TokenRecord {
  readonly appId: string;
  readonly endpoint: TokenEndpoint;
  readonly accessToken: string;
  readonly issuedAtMs: number;
  /** Its natural end, as told to the caller by `expires_in`. */
  readonly expiresAtMs: number;
  /** From here on stable_token answers a normal call with a new token. */
  readonly renewFromMs: number;
  /** Its real end: earlier than `expiresAtMs` once a newer token or a revocation has ended it. */
  usableUntilMs: number;
  /** Ended by a newer token or by a revocation, not by age. */
  superseded: boolean;
}

/** What an API answers a token with: 0 usable, 40001 unknown or superseded, 42001 aged out. */
export type TokenVerdict = 0 | 40001 | 42001;

/**
 * 42001 is kept for a token that simply grew too old; one that was pushed out by a newer one is "not latest", 40001.
 * @see https://developers.weixin.qq.com/doc/oplatform/developers/dev/AccessToken.html
 */
export function checkTokenRecord(record: TokenRecord | undefined, nowMs: number): TokenVerdict {
  if (record === undefined) return 40001;
  if (nowMs < record.usableUntilMs) return 0;
  return record.superseded ? 40001 : 42001;
}

/** Ends a token at `untilMs` if it lives that long. One that has aged out already stays aged out. */
export function supersede(record: TokenRecord, untilMs: number, nowMs: number): void {
  if (nowMs >= record.usableUntilMs) return;
  record.superseded = true;
  record.usableUntilMs = Math.min(record.usableUntilMs, untilMs);
}
