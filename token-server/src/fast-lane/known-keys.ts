import type { ClientDirectory } from '../clients/client-directory.js';
import type { KeyGuard } from '../clients/key-guard.js';
import { keyOf } from '../http/authenticate.js';
import { BriefMap } from './brief-map.js';

/** Different keys that are used within one second. */
const KEYS_MAX = 1_000;

interface Reader {
  /** Undefined: for ever. */
  readonly expiresAtMs: number | undefined;
  /** Null: every app. */
  readonly apps: ReadonlySet<string> | null;
}

export interface KnownKeysDeps {
  readonly clients: Pick<ClientDirectory, 'generation'>;
  readonly keyGuard: Pick<KeyGuard, 'recognize'>;
}

/**
 * Which apps an `Authorization` may read, for keys that were right before. A key is hashed once a second; in between the
 * header is compared as text. Nothing is remembered of a wrong key, so that the time of an answer says nothing about one,
 * and of a right one for a second at most, less if any client changes.
 */
export class KnownKeys {
  readonly #deps: KnownKeysDeps;
  readonly #readers = new BriefMap<Reader>(KEYS_MAX);
  #generation = -1;

  constructor(deps: KnownKeysDeps) {
    this.#deps = deps;
  }

  /** False: the ordinary way answers, and says why not. */
  mayRead(authorization: string, appId: string, nowMs: number): boolean {
    const { generation } = this.#deps.clients;
    if (generation !== this.#generation) {
      this.#readers.clear();
      this.#generation = generation;
    }
    const reader = this.#readers.get(authorization) ?? this.#learn(authorization);
    if (reader === undefined) return false;
    if (reader.expiresAtMs !== undefined && reader.expiresAtMs <= nowMs) return false;
    return reader.apps === null || reader.apps.has(appId);
  }

  #learn(authorization: string): Reader | undefined {
    const key = keyOf(authorization);
    const client = key === undefined ? undefined : this.#deps.keyGuard.recognize(key);
    if (client === undefined || !client.scopes.includes('token:read')) return undefined;
    const apps = client.apps.includes('*') ? null : new Set(client.apps);
    const reader = { expiresAtMs: client.expiresAtMs, apps };
    this.#readers.set(authorization, reader);
    return reader;
  }
}
