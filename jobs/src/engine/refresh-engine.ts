import { type Clock, isLive } from '@zhongkong/shared';
import { accessTokenOf, type CredentialId } from '../core/credential.js';
import type { CredentialRecord, KeeperState } from '../core/keeper-state.js';
import { isOlder } from '../core/state-age.js';
import type { Issuer } from '../issuer/wechat-issuer.js';
import { createRefreshQueue } from '../queue/refresh-queue.js';
import type { ChangeMessage } from '../redis/change-message.js';
import type { RedisClient, RedisConnections } from '../redis/connections.js';
import { createCredentialStore } from '../redis/credential-store.js';
import type { Sealer } from '../redis/sealer.js';
import { decodeState } from '../redis/state-codec.js';
import type { AppSettings } from './app-settings.js';
import { listenForChanges } from './change-feed.js';
import { createCredentialMemory } from './credential-memory.js';
import { createHistory, type HistoryEntry } from './history.js';
import type { Keeping } from './keeping.js';
import type { Log } from './log.js';
import { createLogObserver } from './log-observer.js';
import { type EngineObserver, tellAll } from './observer.js';
import { startPulse } from './pulse.js';
import { Refresher } from './refresher.js';
import { type Reporter, type ReportResult, reportStale, type StaleName } from './report-stale.js';
import { until } from './until.js';

export interface RefreshEngineOptions {
  readonly connections: RedisConnections;
  readonly sealer: Sealer;
  readonly issuer: Issuer;
  readonly apps: readonly AppSettings[];
  readonly clock: Clock;
  readonly log: Log;
  /** Whether no other server can be on this Redis: then all may be done without it as well. */
  readonly isOnlyServer: boolean;
  /** Hears what happens, besides log and history. */
  readonly observer?: EngineObserver;
  /** Called when Redis is back, and every half minute. */
  readonly upkeep?: () => Promise<void>;
  /** @defaultValue Math.random */
  readonly random?: () => number;
}

/** Keeps the access tokens of all apps fresh, together with the other servers on the same Redis. */
export interface RefreshEngine {
  readonly apps: readonly AppSettings[];
  /** What is known of an app's access token; undefined for an app that is not configured. Never waits. */
  state(appId: string): KeeperState | undefined;
  /** The living token of a configured app; without one, waits for one up to this long, if there is hope. */
  awaitLive(appId: string, timeoutMs: number): Promise<CredentialRecord | null>;
  /** Calls back with each access token that is committed, here or by another server, until the returned function is called. */
  onToken(callback: (appId: string, record: CredentialRecord) => void): () => void;
  /** The passive refresh for a configured app. Rejects while the store is away and this server may not act alone. */
  report(appId: string, stale: StaleName, reporter: Reporter): Promise<ReportResult>;
  /** Fetches and reports of a configured app, the newest first. Rejects while the store is away. */
  history(appId: string, limit: number, before?: string): Promise<HistoryEntry[]>;
  /** Reads the store, then begins to refresh. Rejects when the store cannot be read. */
  start(): Promise<void>;
  /** Finishes what is under way, then lets go of Redis; the connection for commands stays open. */
  stop(): Promise<void>;
}

export function createRefreshEngine(options: RefreshEngineOptions): RefreshEngine {
  const { connections, sealer, issuer, clock, log, isOnlyServer, random = Math.random } = options;
  const { commands } = connections;
  const store = createCredentialStore(commands, sealer, (id, error) => {
    log.error({ ...id, error: String(error) }, 'what is stored cannot be read; it counts as lost');
  });
  const memory = createCredentialMemory();
  const history = createHistory(commands, (error) =>
    log.debug({ error: String(error) }, 'no history without Redis'),
  );
  const observer = tellAll([
    createLogObserver(log),
    history,
    ...(options.observer ? [options.observer] : []),
  ]);
  const queue = createRefreshQueue({
    connections,
    log,
    woken: async ({ appId }) => keepings.get(appId)?.refresher.wake(),
  });
  const tools = {
    store,
    memory,
    issuer,
    clock,
    random,
    observer,
    plan: (id: CredentialId, atMs: number) => queue.plan(id, atMs, clock.nowMs()),
    // In stable mode a normal call brings everybody the same token, so nobody is harmed by one who asks alone.
    mayActAlone: ({ policy }: AppSettings) => isOnlyServer || policy.mode === 'stable',
    // A forced call would end the token of the others.
    whileAlone: (app: AppSettings) =>
      isOnlyServer ? app : { ...app, policy: { ...app.policy, forceBudget: 0 } },
  };
  const keepings = new Map<string, Keeping>();
  for (const app of options.apps) {
    const id = accessTokenOf(app.appId);
    keepings.set(app.appId, { app, id, refresher: new Refresher(tools, app, id) });
  }
  const undo: (() => void)[] = [];

  function keepingOf(appId: string): Keeping {
    const keeping = keepings.get(appId);
    if (keeping === undefined) throw new RangeError(`no app ${appId} is configured`);
    return keeping;
  }

  function liveRecord(id: CredentialId): CredentialRecord | null {
    const { record } = memory.get(id);
    return record !== null && isLive(record, clock.nowMs()) ? record : null;
  }

  function wake({ id, refresher }: Keeping): void {
    refresher.wake().catch((error: Error) => {
      log.debug({ ...id, error: error.message }, 'could not look after a token; will look again');
    });
  }

  function wakeUnlessBackingOff(keeping: Keeping): void {
    const retryAtMs = memory.get(keeping.id).failure?.retryAtMs ?? 0;
    if (clock.nowMs() >= retryAtMs) wake(keeping);
  }

  /** Takes over what is stored; or, when that is older than what is remembered, has it handed over to the store. */
  function compare(keeping: Keeping, stored: KeeperState): void {
    memory.apply(keeping.id, stored);
    if (isOlder(stored, memory.get(keeping.id))) wake(keeping);
  }

  function changed(message: ChangeMessage): void {
    const keeping = keepings.get(message.appId);
    if (keeping === undefined) return;
    if (message.state === undefined) memory.noteReleased(keeping.id);
    else memory.apply(keeping.id, decodeState(keeping.id, message.state, sealer));
  }

  async function resume(): Promise<void> {
    await isReady(commands);
    await options.upkeep?.();
    await Promise.all(
      [...keepings.values()].map(async (keeping) => compare(keeping, await store.load(keeping.id))),
    );
    await queue.sweepAll([...keepings.values()].map(({ id, app }) => ({ id, everyMs: app.policy.sweepMs })));
  }

  async function upkeep(): Promise<void> {
    await options.upkeep?.();
    // Redis has lost its data, so it may have lost more than the sweeps.
    if ((await queue.sweeps()) < keepings.size) await resume();
  }

  return {
    apps: options.apps,
    state(appId) {
      const keeping = keepings.get(appId);
      return keeping && memory.get(keeping.id);
    },
    async awaitLive(appId, timeoutMs) {
      const keeping = keepingOf(appId);
      const { id } = keeping;
      const giveUpAtMs = clock.nowMs() + timeoutMs;
      const settled = () => liveRecord(id) !== null || (memory.get(id).failure?.retryAtMs ?? 0) > giveUpAtMs;
      if (!settled()) {
        const change = until((callback) => memory.onChange(id, () => settled() && callback()));
        change.endAfter(timeoutMs);
        wakeUnlessBackingOff(keeping);
        await change.happened;
      }
      return liveRecord(id);
    },
    onToken: (callback) =>
      memory.onRecord(({ appId, kind }, record) => {
        if (kind === 'access-token') callback(appId, record);
      }),
    report: (appId, stale, reporter) => reportStale(tools, keepingOf(appId), stale, reporter),
    history: (appId, limit, before) => history.read(keepingOf(appId).id, limit, before),
    async start() {
      const kept = [...keepings.values()];
      const redis = connections.open();
      redis.on('error', (error: Error) => log.debug({ error: error.message }, 'the change feed lost Redis'));
      undo.push(() => redis.disconnect());
      const failed = (error: unknown) =>
        log.warn({ error: String(error) }, 'could not follow what Redis holds');
      await listenForChanges({ redis, changed, resumed: resume, failed });
      queue.run();
      for (const keeping of kept) wakeUnlessBackingOff(keeping);
      undo.push(
        startPulse({ keepings: kept, memory, clock, wake, upkeep: () => void upkeep().catch(failed) }),
      );
    },
    async stop() {
      for (const step of undo.splice(0).reverse()) step();
      await queue.close();
      await Promise.all([...keepings.values()].map(({ refresher }) => refresher.idle()));
    },
  };
}

/** After Redis was away each connection comes back in its own time. */
function isReady(redis: RedisClient): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => redis.once('ready', () => resolve()));
}
