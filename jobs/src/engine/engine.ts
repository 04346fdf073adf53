import { EventEmitter } from 'node:events';
import type { Clock } from '@zhongkong/shared';
import { z } from 'zod';
import {
  accessTokenOf,
  type CredentialId,
  type CredentialRecord,
  nameOf,
  TICKET_TYPES,
  type TicketType,
} from '../keeper/state.js';
import { followChanges } from '../redis/change-feed.js';
import type { RedisClient, RedisConnections } from '../redis/connections.js';
import { createCredentialStore } from '../redis/credential-store.js';
import { createKeys } from '../redis/keys.js';
import type { Sealer } from '../redis/sealer.js';
import { accessTokenSource } from '../wechat/access-token.js';
import type { WechatClient } from '../wechat/client.js';
import type { AppSettings } from '../wechat/source.js';
import { ticketSource } from '../wechat/ticket.js';
import { type Credential, type CredentialDeps, ManagedCredential } from './credential.js';
import { createEventLog, type Log } from './event-log.js';
import { type EngineObserver, observeAll } from './events.js';
import { createHistory } from './history.js';
import { createSchedule } from './schedule.js';

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
  /** Called when Redis is back, and at least every half minute. */
  readonly onMaintain?: () => Promise<void>;
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
  const {
    connections,
    prefix,
    sealer,
    wechat,
    apps,
    clock,
    log,
    isOnlyServer,
    random = Math.random,
  } = options;
  const { commands } = connections;
  const tokenCommits = new EventEmitter().setMaxListeners(0);
  const credentials = new Map<string, ManagedCredential>();
  const find = (id: CredentialId) => credentials.get(nameOf(id));

  const { db = 0 } = commands.options as { db?: number };
  const keys = createKeys(prefix, db);
  const warn = warnRarely(log);

  const history = createHistory(commands, keys, (error) =>
    log.debug({ error: String(error) }, 'history entry not written: Redis unavailable'),
  );
  const schedule = createSchedule({
    connections,
    keys,
    log,
    nowMs: () => clock.nowMs(),
    sweeps: apps.map(({ appId, policy }) => ({ id: accessTokenOf(appId), everyMs: policy.sweepMs })),
    // Another server may have apps that this one does not know.
    wake: async (id) => find(id)?.wake(),
    wakeOverdue() {
      for (const credential of credentials.values()) {
        if (credential.isOverdue(OVERDUE_MS)) credential.wakeSoon();
      }
    },
  });
  const deps: CredentialDeps = {
    store: createCredentialStore({
      redis: commands,
      keys,
      sealer,
      onUnreadable: (id, error) =>
        warn(
          nameOf(id),
          { ...id, error: firstLine(error) },
          'a stored state cannot be read; it counts as lost',
        ),
    }),
    history,
    clock,
    random,
    observer: observeAll([createEventLog(log), history, ...(options.observer ? [options.observer] : [])]),
    log,
    upstream: wechat.baseUrl,
    isOnlyServer,
    plan: (id, atMs) => schedule.plan(id, atMs),
    changes: new EventEmitter().setMaxListeners(0),
    onRecord({ appId, kind }, record) {
      if (kind === 'access-token') tokenCommits.emit('token', appId, record);
    },
  };

  const token = (appId: string) => find(accessTokenOf(appId));
  const tokens = accessTokenSource(wechat, clock);
  const tickets = TICKET_TYPES.map((kind) => ({
    kind,
    source: ticketSource(kind, { client: wechat, clock, token }),
  }));
  for (const app of apps) {
    for (const { kind, source } of [{ kind: 'access-token' as const, source: tokens }, ...tickets]) {
      const id = { appId: app.appId, kind };
      credentials.set(nameOf(id), new ManagedCredential(id, app, source, deps));
    }
  }

  async function reconcileAll(): Promise<void> {
    await options.onMaintain?.();
    await Promise.all([...credentials.values()].map((credential) => credential.reconcile()));
    await schedule.ensureSweeps();
  }

  async function onConnect(): Promise<void> {
    await isReady(commands);
    await reconcileAll();
  }

  const closers: (() => void)[] = [];
  return {
    apps,
    token,
    ticket: (appId, type) => find({ appId, kind: type }),
    onToken(callback) {
      tokenCommits.on('token', callback);
      return () => void tokenCommits.off('token', callback);
    },
    async start() {
      const redis = connections.open();
      const onError = (error: unknown) =>
        log.warn({ error: String(error) }, 'memory could not be compared with Redis; will retry');
      redis.on('error', (error: Error) =>
        log.debug({ error: error.message }, 'changes: Redis connection lost'),
      );
      closers.push(() => redis.disconnect());
      await followChanges({
        redis,
        keys,
        sealer,
        onForeign: (error) =>
          warn(
            'changes',
            { error: firstLine(error) },
            'a message on our Redis channel is none of ours; passed over',
          ),
        onState: (id, state) => find(id)?.apply(state),
        onReleased: (id) => find(id)?.noteChange(),
        onConnect,
        onError,
      });
      schedule.start();
      for (const credential of credentials.values()) {
        if (!credential.isDormant) credential.wakeSoon();
      }
      // A message may get lost without the connection, as in a cluster, and Redis may lose data in its place.
      const everyMs = Math.min(MAINTAIN_EVERY_MS_MAX, ...apps.map(({ policy }) => policy.sweepMs));
      const maintenance = setInterval(() => void reconcileAll().catch(onError), Math.max(1_000, everyMs));
      closers.push(() => clearInterval(maintenance.unref()));
    },
    async stop() {
      for (const close of closers.splice(0).reverse()) close();
      await schedule.stop();
      await Promise.all([...credentials.values()].map((credential) => credential.idle()));
    },
  };
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
