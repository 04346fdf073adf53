import type { AppSettings } from '@zhongkong/jobs';
import type { LogLevel } from '../logger.js';
import type { RedisAddress } from '../redis-address.js';
import type { AlertInput, AlertKind, PolicyInput, SCOPES } from './config-file-schema.js';
import type { TlsSettings } from './tls-files.js';
import type { TracingSettings } from './tracing-settings.js';
import type { TrustedProxies } from './trust-proxy.js';

export type Scope = (typeof SCOPES)[number];

/** Which requests the log has at level info: none, those that failed, all. */
export const ACCESS_LOG_MODES = ['off', 'errors', 'all'] as const;
export type AccessLogMode = (typeof ACCESS_LOG_MODES)[number];

/** Shorter than the 300 s in which WeChat lets a replaced token live on, with room for an SDK that is slow to return. */
export const DROP_IN_EXPIRES_IN_SECONDS = 240;

/** A client that may call the server, as one of its keys shows it. Only the hash of the key is kept. */
export interface ClientSettings {
  readonly id: string;
  readonly keyId: string;
  /** `file`: also the key of the data folder. */
  readonly source: 'file' | 'api';
  readonly name: string;
  /** SHA-256 of the key, 64 hex digits. Changes when the client's `keyFile` is replaced. */
  readonly keySha256: string;
  /** App ids, or `*` for all. */
  readonly apps: readonly string[];
  readonly scopes: readonly Scope[];
  /** The key does nothing from this instant on. @defaultValue never */
  readonly expiresAtMs?: number;
  /** Goes before that of the app. */
  readonly dropInExpiresInSeconds?: number;
  /** Set: the call comes from the console, with these rights in the background; its answer must not hold a token. */
  readonly consoleOf?: ClientSettings;
}

/** Its `secret` changes when the app's `secretFile` is replaced. */
export interface AppConfig extends AppSettings {
  readonly name?: string;
  readonly source: 'file' | 'api';
  /** Of an app of the registry. */
  readonly createdAtMs?: number;
  readonly updatedAtMs?: number;
  /**
   * Upper bound of `expires_in` on the drop-in paths, where an SDK cannot learn of a new token.
   * @defaultValue 240, and at most a thirtieth of the token's life
   */
  readonly dropInExpiresInSeconds?: number;
}

/** Where alerts are sent. `url` and `secret` change when their files are replaced; both are secrets. */
export interface AlertTarget {
  readonly type: AlertInput['type'];
  readonly url: string;
  /** What messages are signed with. */
  readonly secret?: string;
  readonly language: AlertInput['language'];
  /** @defaultValue all kinds */
  readonly only?: readonly AlertKind[];
  /** Through which it is reached. @defaultValue directly */
  readonly proxy?: URL | undefined;
}

/** The whole configuration after every check. */
export interface Config {
  readonly port: number;
  /** An address, or `unix:` and the path of a socket. */
  readonly host: string;
  /** Undefined: plain HTTP. */
  readonly tls: TlsSettings | undefined;
  readonly maxConnections: number;
  /** How long a connection may be idle between two requests. */
  readonly keepAliveMs: number;
  /** How long a server that gets SIGTERM goes on as before, but for its readiness. */
  readonly drainDelayMs: number;
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
  /** Whose `X-Forwarded-For` counts; empty: nobody's. */
  readonly trustedProxies: TrustedProxies;
  readonly accessLog: AccessLogMode;
  readonly logLevel: LogLevel;
  /** Absolute paths of the files that hold secrets, the configuration file too if it does. */
  readonly secretFiles: readonly string[];
  /** Undefined: no traces. */
  readonly tracing: TracingSettings | undefined;
  /** What is most likely a mistake, but no reason not to start; to be logged. */
  readonly warnings: readonly string[];
  readonly apps: readonly AppConfig[];
  /** For all apps, those of the registry too; in seconds. */
  readonly policy: PolicyInput;
  readonly clients: readonly ClientSettings[];
  readonly alerts: readonly AlertTarget[];
}
