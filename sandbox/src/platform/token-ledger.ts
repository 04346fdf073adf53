import { BoundedMap } from './bounded-map.js';
import type { TokenRecord } from './token-record.js';

/** How many tokens that left their pool are remembered, to tell whose they were and how they ended. */
const RETIRED_MAX = 10_000;

/** Finds a token's record by the token. Tokens in a pool are always found, retired ones for a good while. */
export class TokenLedger {
  readonly #inPool = new Map<string, TokenRecord>();
  readonly #retired = new BoundedMap<string, TokenRecord>(RETIRED_MAX);

  add(record: TokenRecord): void {
    this.#inPool.set(record.accessToken, record);
  }

  retire(record: TokenRecord): void {
    if (this.#inPool.delete(record.accessToken)) this.#retired.set(record.accessToken, record);
  }

  find(accessToken: string): TokenRecord | undefined {
    return this.#inPool.get(accessToken) ?? this.#retired.get(accessToken);
  }
}
