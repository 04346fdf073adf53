import { type Clock, isLive } from '@zhongkong/shared';
import { accessTokenOf, type CredentialId, nameOf, type TicketType } from '../core/credential.js';
import { mayAskAtMs } from '../core/issue.js';
import type { CredentialRecord, KeeperState } from '../core/keeper-state.js';
import { isDormant } from '../core/phase.js';
import { isOlder } from '../core/state-age.js';
import type { AppSettings } from '../issuer/app-settings.js';
import type { AccessTokens } from '../issuer/ticket-source.js';
import type { Issuer } from '../issuer/wechat-issuer.js';
import { createRefreshQueue } from '../queue/refresh-queue.js';
import type { ChangeMessage } from '../redis/change-message.js';
import type { RedisClient, RedisConnections } from '../redis/connections.js';
import { createCredentialStore } from '../redis/credential-store.js';
import type { Sealer } from '../redis/sealer.js';
import { decodeState } from '../redis/state-codec.js';
import { listenForChanges } from './change-feed.js';
import type { Credential } from './credential.js';
import { createCredentialMemory } from './credential-memory.js';
import { createHistory } from './history.js';
import type { Keeping } from './keeping.js';
import { createKeepings } from './keepings.js';
import type { Log } from './log.js';
import { createLogObserver } from './log-observer.js';
import { type EngineObserver, tellAll } from './observer.js';
import { startPulse } from './pulse.js';
import { reportStale } from './report-stale.js';
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
  /** Called when Redis is back, and as often as the sweeps. */
  readonly upkeep?: () => Promise<void>;
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

/** How long the fetch of a ticket waits for an access token to ask with. */
const ACCESS_TOKEN_PATIENCE_MS = 3_000;

/** The clocks of server and Redis are compared no more rarely than this. */
const UPKEEP_EVERY_MS_MAX = 30_000;

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
    // Another server may look after apps that this one does not know.
    woken: async (id) => keepings.get(nameOf(id))?.refresher.wake(),
  });
  const tools = {
    store,
    memory,
    clock,
    random,
    observer,
    plan: (id: CredentialId, atMs: number) => queue.plan(id, atMs, clock.nowMs()),
  };
  const keepings = createKeepings({ apps: options.apps, issuer, tools, isOnlyServer, accessTokens });
  const all = [...keepings.values()];
  const credentials = new Map(all.map((keeping) => [nameOf(keeping.id), toCredential(keeping)]));
  const sweeps = options.apps.map(({ appId, policy }) => ({
    id: accessTokenOf(appId),
    everyMs: policy.sweepMs,
  }));
  const undo: (() => void)[] = [];

  function liveRecord(id: CredentialId): CredentialRecord | null {
    const { record } = memory.get(id);
    return record !== null && isLive(record, clock.nowMs()) ? record : null;
  }

  function wake({ id, refresher }: Keeping): void {
    refresher.wake().catch((error: Error) => {
      log.debug({ ...id, error: error.message }, 'could not look after a credential; will look again');
    });
  }

  const retryAtMs = ({ id }: Keeping) => mayAskAtMs(memory.get(id), clock.nowMs());

  async function awaitLive(keeping: Keeping, timeoutMs: number): Promise<CredentialRecord | null> {
    const { id } = keeping;
    const giveUpAtMs = clock.nowMs() + timeoutMs;
    const settled = () => liveRecord(id) !== null || (retryAtMs(keeping) ?? 0) > giveUpAtMs;
    if (!settled()) {
      const change = until((callback) => memory.onChange(id, () => settled() && callback()));
      change.endAfter(timeoutMs);
      if (retryAtMs(keeping) === null) wake(keeping);
      await change.happened;
    }
    return liveRecord(id);
  }

  function toCredential(keeping: Keeping): Credential {
    const { id, policy, refresher } = keeping;
    return {
      id,
      policy,
      state: () => memory.get(id),
      live: () => liveRecord(id),
      awaitLive: (timeoutMs) => awaitLive(keeping, timeoutMs),
      retryAtMs: () => retryAtMs(keeping),
      report: (report) => reportStale(tools, keeping, report),
      async push(pushed) {
        await refresher.push(pushed);
        const { record } = memory.get(id);
        if (record === null) throw new Error('a token was pushed, and there is none');
        return record;
      },
      wake: () => refresher.wake(),
      history: (limit, before) => history.read(id, limit, before),
    };
  }

  function accessTokens(appId: string): AccessTokens {
    const token = () => credentials.get(nameOf(accessTokenOf(appId)));
    return {
      async current() {
        const record = await token()?.awaitLive(ACCESS_TOKEN_PATIENCE_MS);
        return record?.value ?? null;
      },
      async replace(dead) {
        const answer = await token()?.report({ client: 'zhongkong: tickets', stale: { value: dead } });
        return answer?.record?.value ?? null;
      },
    };
  }

  /** Takes over what is stored; or, when that is older than what is remembered, has it handed over to the store. */
  function compare(keeping: Keeping, stored: KeeperState): void {
    memory.apply(keeping.id, stored);
    if (isOlder(stored, memory.get(keeping.id))) wake(keeping);
  }

  function changed(message: ChangeMessage): void {
    const keeping = keepings.get(nameOf(message));
    if (keeping === undefined) return;
    if (message.state === undefined) memory.noteReleased(keeping.id);
    else memory.apply(keeping.id, decodeState(keeping.id, message.state, sealer));
  }

  async function compareAll(): Promise<void> {
    await options.upkeep?.();
    await Promise.all(all.map(async (keeping) => compare(keeping, await store.load(keeping.id))));
  }

  async function resume(): Promise<void> {
    await isReady(commands);
    await compareAll();
    await queue.sweepAll(sweeps);
  }

  /** A message may get lost without the connection, as in a cluster, and Redis may lose data in its place. */
  async function upkeep(): Promise<void> {
    await compareAll();
    if (!(await queue.sweepsAll(sweeps))) await queue.sweepAll(sweeps);
  }

  return {
    apps: options.apps,
    token: (appId) => credentials.get(nameOf(accessTokenOf(appId))),
    ticket: (appId, kind) => credentials.get(nameOf({ appId, kind })),
    onToken: (callback) =>
      memory.onRecord(({ appId, kind }, record) => {
        if (kind === 'access-token') callback(appId, record);
      }),
    async start() {
      const redis = connections.open();
      redis.on('error', (error: Error) => log.debug({ error: error.message }, 'the change feed lost Redis'));
      undo.push(() => redis.disconnect());
      const failed = (error: unknown) =>
        log.warn({ error: String(error) }, 'could not follow what Redis holds');
      await listenForChanges({ redis, changed, resumed: resume, failed });
      queue.run();
      for (const keeping of all) {
        if (!isDormant(keeping.id, memory.get(keeping.id))) wake(keeping);
      }
      const upkeepEveryMs = Math.min(UPKEEP_EVERY_MS_MAX, ...sweeps.map(({ everyMs }) => everyMs));
      const look = () => void upkeep().catch(failed);
      undo.push(startPulse({ keepings: all, memory, clock, wake, upkeepEveryMs, upkeep: look }));
    },
    async stop() {
      for (const step of undo.splice(0).reverse()) step();
      await queue.close();
      await Promise.all(all.map(({ refresher }) => refresher.idle()));
    },
  };
}

/** After Redis was away each connection comes back in its own time. */
function isReady(redis: RedisClient): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => redis.once('ready', () => resolve()));
}
