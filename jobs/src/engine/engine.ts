import { EventEmitter } from 'node:events';
import type { Clock } from '@zhongkong/shared';
import { z } from 'zod';
import {
  accessTokenOf,
  type CredentialId,
  type CredentialKind,
  type CredentialRecord,
  nameOf,
  TICKET_TYPES,
  type TicketType,
} from '../keeper/state.js';
import { followChanges } from '../redis/change-feed.js';
import type { RedisClient, RedisConnections } from '../redis/connections.js';
import { createCredentialStore } from '../redis/credential-store.js';
import { createKeys, type Keys } from '../redis/keys.js';
import type { Sealer } from '../redis/sealer.js';
import { accessTokenSource } from '../wechat/access-token.js';
import type { WechatClient } from '../wechat/client.js';
import type { AppSettings, CredentialSource } from '../wechat/source.js';
import { ticketSource } from '../wechat/ticket.js';
import { type Credential, type CredentialDeps, ManagedCredential } from './credential.js';
import { createEventLog, type Log } from './event-log.js';
import { type EngineObserver, observeAll } from './events.js';
import { createHistory } from './history.js';
import { createSchedule, type Schedule } from './schedule.js';

export interface RefreshEngineOptions {
  readonly connections: RedisConnections;
  /** First part of every key and channel. Installations with different prefixes, or databases, never hear each other. */
  readonly prefix: string;
  readonly sealer: Sealer;
  readonly wechat: WechatClient;
  readonly apps: readonly AppSettings[];
  readonly clock: Clock;
  readonly log: Log;
  /** No other server can be on this Redis, so everything may be done without it, too. */
  readonly isOnlyServer: boolean;
  /** Hears what happens, besides log and history. */
  readonly observer?: EngineObserver;
  /** Compares the clock with that of Redis. Called every second, and when Redis is back. */
  readonly syncClock?: () => Promise<void>;
  /** @defaultValue Math.random */
  readonly random?: () => number;
}

/** Keeps the credentials of all apps fresh, together with the other servers on the same Redis. */
export interface RefreshEngine {
  readonly apps: readonly AppSettings[];
  /** The access token of an app; undefined when there is no such app. */
  token(appId: string): Credential | undefined;
  ticket(appId: string, type: TicketType): Credential | undefined;
  /** Calls back with each access token that is committed, here or by another server, until the returned function is called. */
  onToken(callback: (appId: string, record: CredentialRecord) => void): () => void;
  /** Reads the store, then begins to refresh. @throws CodedError `store_unavailable` */
  start(): Promise<void>;
  /** Finishes what is under way, then lets go of Redis; the connection for commands stays open. */
  stop(): Promise<void>;
}

/** Memory is compared with the store at least this often. */
const MAINTAIN_EVERY_MS_MAX = 30_000;
/** The queue gets this long to wake what is due, before a server does it itself. */
const OVERDUE_MS = 1_000;

export function createRefreshEngine(options: RefreshEngineOptions): RefreshEngine {
  return new Engine(options);
}

class Engine implements RefreshEngine {
  readonly apps: readonly AppSettings[];
  readonly #options: RefreshEngineOptions;
  readonly #keys: Keys;
  readonly #warnRarely: (thing: string, fields: Record<string, unknown>, message: string) => void;
  readonly #schedule: Schedule;
  readonly #credentials: ReadonlyMap<string, ManagedCredential>;
  readonly #tokenCommits = new EventEmitter().setMaxListeners(0);
  readonly #closers: (() => void)[] = [];

  constructor(options: RefreshEngineOptions) {
    const { connections, prefix, apps, clock, log } = options;
    this.apps = apps;
    this.#options = options;
    this.#keys = createKeys(prefix, (connections.commands.options as { db?: number }).db ?? 0);
    this.#warnRarely = warnRarely(log);
    this.#schedule = createSchedule({
      connections,
      keys: this.#keys,
      log,
      nowMs: () => clock.nowMs(),
      sweeps: apps.map(({ appId, policy }) => ({ id: accessTokenOf(appId), everyMs: policy.sweepMs })),
      // Another server may have apps that this one does not know.
      wake: async (id) => this.#find(id)?.wake(),
      wakeOverdue: () => {
        // Without Redis the clock goes on by itself.
        options.syncClock?.().catch(() => {});
        for (const credential of this.#credentials.values()) {
          if (!credential.isOverdue(OVERDUE_MS)) continue;
          options.observer?.overdue?.(credential.id);
          credential.wakeSoon();
        }
      },
      onLag: (lagMs) => options.observer?.queueLagged?.(lagMs),
    });
    this.#credentials = this.#createCredentials();
  }

  token(appId: string): Credential | undefined {
    return this.#find(accessTokenOf(appId));
  }

  ticket(appId: string, kind: TicketType): Credential | undefined {
    return this.#find({ appId, kind });
  }

  onToken(callback: (appId: string, record: CredentialRecord) => void): () => void {
    this.#tokenCommits.on('token', callback);
    return () => void this.#tokenCommits.off('token', callback);
  }

  async start(): Promise<void> {
    const { connections, sealer, log } = this.#options;
    const redis = connections.open();
    redis.on('error', (error: Error) =>
      log.debug({ error: error.message }, 'changes: Redis connection lost'),
    );
    this.#closers.push(() => redis.disconnect());
    const onError = (error: unknown) =>
      log.warn({ error: String(error) }, 'memory could not be compared with Redis; will retry');
    await followChanges({
      redis,
      keys: this.#keys,
      sealer,
      onState: (id, state) => this.#find(id)?.apply(state),
      onReleased: (id) => this.#find(id)?.noteChange(),
      onConnect: async () => {
        await isReady(connections.commands);
        await this.#reconcileAll();
      },
      onForeign: (error) =>
        this.#warnRarely(
          'changes',
          { error: firstLine(error) },
          'a foreign message on our channel; passed over',
        ),
      onError,
    });
    this.#schedule.start();
    for (const credential of this.#credentials.values()) {
      if (!credential.isDormant) credential.wakeSoon();
    }
    // A message may get lost without the connection, as in a cluster, and Redis may lose data in its place.
    const everyMs = Math.min(MAINTAIN_EVERY_MS_MAX, ...this.apps.map(({ policy }) => policy.sweepMs));
    const maintenance = setInterval(() => void this.#reconcileAll().catch(onError), Math.max(1_000, everyMs));
    this.#closers.push(() => clearInterval(maintenance.unref()));
  }

  async stop(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) close();
    await this.#schedule.stop();
    await Promise.all([...this.#credentials.values()].map((credential) => credential.idle()));
  }

  #find(id: CredentialId): ManagedCredential | undefined {
    return this.#credentials.get(nameOf(id));
  }

  #createCredentials(): ReadonlyMap<string, ManagedCredential> {
    const { apps, wechat: client, clock } = this.#options;
    const deps = this.#createDeps();
    const token = (appId: string) => this.token(appId);
    const sources: Record<CredentialKind, CredentialSource> = {
      'access-token': accessTokenSource(client, clock),
      jsapi: ticketSource('jsapi', { client, clock, token }),
      wx_card: ticketSource('wx_card', { client, clock, token }),
    };
    const kinds: readonly CredentialKind[] = ['access-token', ...TICKET_TYPES];
    const all = apps.flatMap((app) =>
      kinds.map((kind) => new ManagedCredential({ appId: app.appId, kind }, app, sources[kind], deps)),
    );
    return new Map(all.map((credential) => [nameOf(credential.id), credential]));
  }

  #createDeps(): CredentialDeps {
    const {
      connections,
      sealer,
      wechat,
      clock,
      log,
      isOnlyServer,
      observer,
      random = Math.random,
    } = this.#options;
    const { commands: redis } = connections;
    const history = createHistory(redis, this.#keys, (error) =>
      log.debug({ error: String(error) }, 'history entry not written: Redis unavailable'),
    );
    const onUnreadable = (id: CredentialId, error: unknown) =>
      this.#warnRarely(
        nameOf(id),
        { ...id, error: firstLine(error) },
        'a stored state cannot be read; it counts as lost',
      );
    return {
      store: createCredentialStore({ redis, keys: this.#keys, sealer, onUnreadable }),
      history,
      clock,
      random,
      observer: observeAll([createEventLog(log), history, ...(observer ? [observer] : [])]),
      log,
      upstream: wechat.baseUrl,
      isOnlyServer,
      plan: (id, atMs) => this.#schedule.plan(id, atMs),
      changes: new EventEmitter().setMaxListeners(0),
      onRecord: ({ appId, kind }, record) => {
        if (kind === 'access-token') this.#tokenCommits.emit('token', appId, record);
      },
    };
  }

  async #reconcileAll(): Promise<void> {
    await this.#options.syncClock?.();
    await Promise.all([...this.#credentials.values()].map((credential) => credential.reconcile()));
    await this.#schedule.ensureSweeps();
  }
}

/** After Redis was away, each connection comes back in its own time. */
function isReady(redis: RedisClient): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => redis.once('ready', () => resolve()));
}

const WARN_AGAIN_MS = 600_000;

/** Writes one WARN per thing and ten minutes. */
function warnRarely(log: Log) {
  const warnedAt = new Map<string, number>();
  return (thing: string, fields: Record<string, unknown>, message: string) => {
    const now = performance.now();
    if (now - (warnedAt.get(thing) ?? Number.NEGATIVE_INFINITY) < WARN_AGAIN_MS) return;
    warnedAt.set(thing, now);
    log.warn(fields, message);
  };
}

/** What zod has to say is longer than a log line should be. */
function firstLine(error: unknown): string {
  return error instanceof z.ZodError ? `wrong at ${error.issues[0]?.path.join('.')}` : String(error);
}
