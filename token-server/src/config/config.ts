import type { AppSettings } from '@zhongkong/jobs';
import type { RedisAddress } from '../redis/redis-address.js';
import type { SCOPES } from './config-file-schema.js';
import type { Environment } from './environment.js';

export type Scope = (typeof SCOPES)[number];

/** Below the platform's overlap of 300 s, with room for an SDK that is slow to come back. */
export const DROP_IN_EXPIRES_IN_SECONDS = 240;

/** Who may call the server, and for what. The key itself is not kept, only its hash. */
export interface ClientSettings {
  readonly name: string;
  /** SHA-256 of the key, 64 hex digits. */
  readonly keySha256: string;
  /** App ids, or `*` for all. */
  readonly apps: readonly string[];
  readonly scopes: readonly Scope[];
}

export interface AppConfig extends AppSettings {
  readonly name?: string;
  /** How long an SDK that has no other way to learn of a new token is told to keep one, at most. */
  readonly dropInExpiresInSeconds: number;
}

/** The whole configuration after every check. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Undefined: the server starts a Redis of its own. */
  readonly redis: RedisAddress | undefined;
  readonly dataDir: string;
  readonly wechatApiBaseUrl: string;
  /** Undefined: generated in the data folder. */
  readonly masterKey: Buffer | undefined;
  readonly readyFd: number | undefined;
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly apps: readonly AppConfig[];
  readonly clients: readonly ClientSettings[];
}
