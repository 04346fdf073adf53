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
import { createCredentialStore, storeUnavailable } from '../redis/credential-store.js';
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
import { noTracer, type Tracer } from './tracer.js';

export interface RefreshEngineOptions {
  readonly connections: RedisConnections;
  /** First part of every key and channel. Installations with different prefixes, or databases, never hear each other. */
  readonly prefix: string;
  readonly sealer: Sealer;
  readonly wechat: WechatClient;
  /** The apps at the start; more may come with `setApp`. */
  readonly apps: readonly AppSettings[];
  readonly clock: Clock;
  readonly log: Log;
  /** No other server can be on this Redis, so everything may be done without it, too. */
  readonly isOnlyServer: boolean;
  /** Hears what happens, besides log and history. */
  readonly observer?: EngineObserver;
  /** @defaultValue traces nothing */
  readonly tracer?: Tracer;
  /** Compares with Redis what else servers have in common: the clock, the registry. Called every second, on a notice, and when Redis is back. */
  readonly sync?: () => Promise<void>;
  /** @defaultValue Math.random */
  readonly random?: () => number;
}

/** Keeps the credentials of all apps fresh, together with the other servers on the same Redis. */
export interface RefreshEngine {
  /** The apps of this moment. */
  readonly apps: readonly AppSettings[];
  /** The access token of an app; undefined when there is no such app. */
  token(appId: string): Credential | undefined;
  ticket(appId: string, type: TicketType): Credential | undefined;
  /** Adds an app, or takes its changed settings over; what they ask for is done at once. */
  setApp(app: AppSettings): void;
  /**
   * Forgets an app; resolves when nothing is under way for it any more.
   * @param erase also removes what Redis holds of it, and its jobs @throws CodedError `store_unavailable`
   */
  removeApp(appId: string, erase: boolean): Promise<void>;
  /** Calls back with each access token that is committed, here or by another server, until the returned function is called. */
  onToken(callback: (appId: string, record: CredentialRecord) => void): () => void;
  /** Reads the store, then begins to refresh. @throws CodedError `store_unavailable` */
  start(): Promise<void>;
  /** Finishes what is under way, then lets go of Redis; the connection for commands stays open. */
  stop(): Promise<void>;
}

/** Memory is compared with the store this often; more often if the policy of an app says so. */
const MAINTAIN_EVERY_MS_MAX = 30_000;
const MAINTAIN_EVERY_MS_MIN = 1_000;
/** States are read so many at a time: the time limit of a command counts from when it is sent. */
const READ_AT_ONCE = 500;

const KINDS: readonly CredentialKind[] = ['access-token', ...TICKET_TYPES];

export function createRefreshEngine(options: RefreshEngineOptions): RefreshEngine {
  return new Engine(options);
}

class Engine implements RefreshEngine {
  readonly #apps: Map<string, AppSettings>;
  readonly #options: RefreshEngineOptions;
  readonly #keys: Keys;
  readonly #warnRarely: (thing: string, fields: Record<string, unknown>, message: string) => void;
  readonly #schedule: Schedule;
  readonly #credentials = new Map<string, ManagedCredential>();
  readonly #deps: CredentialDeps;
  readonly #sources: Record<CredentialKind, CredentialSource>;
  readonly #tokenCommits = new EventEmitter().setMaxListeners(0);
  #stopMaintenance = () => {};
  #leaveFeed = () => {};
  #isStarted = false;

  constructor(options: RefreshEngineOptions) {
    const { connections, prefix, apps, clock, log } = options;
    this.#apps = new Map(apps.map((app) => [app.appId, app]));
    this.#options = options;
    this.#keys = createKeys(prefix, (connections.commands.options as { db?: number }).db ?? 0);
    this.#warnRarely = warnRarely(log);
    this.#schedule = createSchedule({
      connections,
      keys: this.#keys,
      log,
      nowMs: () => clock.nowMs(),
      // Another server may have apps that this one does not know.
      wake: async (id) => this.#find(id)?.wake(),
      // Without Redis the clock goes on by itself.
      everySecond: () => void options.sync?.().catch(() => {}),
      wakeOverdue: (graceMs) => {
        for (const credential of this.#credentials.values()) {
          if (!credential.isOverdue(graceMs)) continue;
          // With grace, the queue had its time, and has missed it.
          if (graceMs > 0) options.observer?.overdue?.(credential.id);
          credential.wakeSoon();
        }
      },
      onLag: (lagMs) => options.observer?.queueLagged?.(lagMs),
    });
    this.#deps = this.#createDeps();
    this.#sources = this.#createSources();
    for (const app of apps) this.#addCredentials(app);
  }

  get apps(): readonly AppSettings[] {
    return [...this.#apps.values()];
  }

  setApp(app: AppSettings): void {
    const isKnown = this.#apps.has(app.appId);
    this.#apps.set(app.appId, app);
    if (!isKnown) this.#addCredentials(app);
    for (const credential of this.#ofApp(app.appId)) {
      credential.configure(app);
      if (this.#isStarted && (!isKnown || !credential.isDormant)) this.#readAndWake(credential);
    }
  }

  async removeApp(appId: string, erase: boolean): Promise<void> {
    this.#apps.delete(appId);
    const credentials = this.#ofApp(appId);
    for (const { id } of credentials) this.#credentials.delete(nameOf(id));
    await Promise.all(credentials.map((credential) => credential.retire()));
    if (!erase) return;
    await Promise.all(KINDS.map((kind) => this.#deps.store.erase({ appId, kind })));
    await this.#schedule.forget(appId).catch((error: unknown) => {
      throw storeUnavailable(error);
    });
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
    this.#leaveFeed = () => redis.disconnect();
    const onError = (error: unknown) =>
      log.warn({ error: String(error) }, 'memory could not be compared with Redis; will retry');
    await followChanges({
      redis,
      keys: this.#keys,
      sealer,
      onState: (id, state) => this.#find(id)?.apply(state),
      onReleased: (id) => this.#find(id)?.noteChange(),
      onNotice: () => void this.#options.sync?.().catch(onError),
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
    this.#isStarted = true;
    for (const credential of this.#credentials.values()) {
      if (!credential.isDormant) credential.wakeSoon();
    }
    // A message may get lost without the connection, as in a cluster, and Redis may lose data in its place.
    let maintenance: NodeJS.Timeout;
    const maintainLater = () => {
      if (!this.#isStarted) return;
      maintenance = setTimeout(
        () => void this.#reconcileAll().catch(onError).finally(maintainLater),
        Math.max(MAINTAIN_EVERY_MS_MIN, this.#sweepEveryMs()),
      ).unref();
    };
    maintainLater();
    this.#stopMaintenance = () => clearTimeout(maintenance);
  }

  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#stopMaintenance();
    await this.#schedule.stop();
    await Promise.all([...this.#credentials.values()].map((credential) => credential.idle()));
    // Last: who waits for another server's lease hears over it that the lease is free.
    this.#leaveFeed();
  }

  #find(id: CredentialId): ManagedCredential | undefined {
    return this.#credentials.get(nameOf(id));
  }

  #ofApp(appId: string): ManagedCredential[] {
    return KINDS.flatMap((kind) => this.#find({ appId, kind }) ?? []);
  }

  #addCredentials(app: AppSettings): void {
    for (const kind of KINDS) {
      const id = { appId: app.appId, kind };
      this.#credentials.set(nameOf(id), new ManagedCredential(id, app, this.#sources[kind], this.#deps));
    }
  }

  /** Another server may have fetched for the app already. */
  #readAndWake(credential: ManagedCredential): void {
    const read = credential.reconcile().catch(() => {});
    void read.then(() => credential.isDormant || credential.wakeSoon());
  }

  #sweepEveryMs(): number {
    let everyMs = MAINTAIN_EVERY_MS_MAX;
    for (const { policy } of this.#apps.values()) everyMs = Math.min(everyMs, policy.sweepMs);
    return everyMs;
  }

  #createSources(): Record<CredentialKind, CredentialSource> {
    const { wechat: client, clock } = this.#options;
    const token = (appId: string) => this.token(appId);
    return {
      'access-token': accessTokenSource(client, clock),
      jsapi: ticketSource('jsapi', { client, clock, token }),
      wx_card: ticketSource('wx_card', { client, clock, token }),
    };
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
      tracer = noTracer,
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
      tracer,
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
    await this.#options.sync?.();
    const all = [...this.#credentials.values()];
    for (let from = 0; from < all.length; from += READ_AT_ONCE)
      await Promise.all(all.slice(from, from + READ_AT_ONCE).map((credential) => credential.reconcile()));
    await this.#schedule.ensureSweep(this.#sweepEveryMs());
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
