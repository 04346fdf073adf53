import type { AppSettings } from '@zhongkong/jobs';
import type { LogLevel } from '../logger.js';
import type { RedisAddress } from '../redis-address.js';
import type { SCOPES } from './config-file-schema.js';

export type Scope = (typeof SCOPES)[number];

/** Shorter than the 300 s in which WeChat lets a replaced token live on, with room for an SDK that is slow to return. */
export const DROP_IN_EXPIRES_IN_SECONDS = 240;

/** A client that may call the server. Only the hash of its key is kept. */
export interface ClientSettings {
  readonly name: string;
  /** SHA-256 of the key, 64 hex digits. Changes when the client's `keyFile` is replaced. */
  readonly keySha256: string;
  /** App ids, or `*` for all. */
  readonly apps: readonly string[];
  readonly scopes: readonly Scope[];
  /** Goes before that of the app. */
  readonly dropInExpiresInSeconds?: number;
}

/** Its `secret` changes when the app's `secretFile` is replaced. */
export interface AppConfig extends AppSettings {
  readonly name?: string;
  /**
   * Upper bound of `expires_in` on the drop-in paths, where an SDK cannot learn of a new token.
   * @defaultValue 240, and at most a thirtieth of the token's life
   */
  readonly dropInExpiresInSeconds?: number;
}

/** The whole configuration after every check. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Undefined: the server starts its own Redis. */
  readonly redis: RedisAddress | undefined;
  /** First part of every key and channel. */
  readonly redisPrefix: string;
  readonly dataDir: string;
  readonly wechatApiBaseUrl: string;
  /** Through which WeChat is reached; undefined: directly. It may hold a password. */
  readonly wechatProxy: URL | undefined;
  /** The newest first. Undefined: the server generates one in the data folder. */
  readonly masterKey: readonly Buffer[] | undefined;
  readonly readyFd: number | undefined;
  readonly logLevel: LogLevel;
  /** What is most likely a mistake, but no reason not to start; to be logged. */
  readonly warnings: readonly string[];
  readonly apps: readonly AppConfig[];
  readonly clients: readonly ClientSettings[];
}
