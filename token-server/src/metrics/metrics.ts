import type { EngineObserver } from '@zhongkong/jobs';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { packageVersion } from '../package-version.js';
import type { RedisStatus } from '../redis/watch-redis.js';
import { type AppSources, createAppGauges } from './app-gauges.js';
import { BoundedLabels } from './bounded-labels.js';
import { CATALOGUE, counter, gauge, histogram } from './catalogue.js';
import { createClientGauges } from './client-gauges.js';
import { createEngineMetrics } from './engine-metrics.js';
import { createEventMetrics, type EventMetrics } from './event-metrics.js';

/** What is read whenever somebody asks. */
interface Sources extends AppSources {
  readonly redisStatus: () => RedisStatus;
  readonly droppedLogLines: () => number;
  readonly unknownKeys: () => number;
  /** When the keys of each client end, in ms since 1970. */
  readonly clientEnds: () => ReadonlyMap<string, number>;
}

/** What this server counts; each server has its own. */
export interface Metrics {
  readonly contentType: string;
  /** Prometheus' text format. */
  text(): Promise<string>;
  readonly engine: EngineObserver;
  readonly events: EventMetrics;
  requested(method: string, route: string, status: number, seconds: number): void;
  /** A client key that nobody has; `not checked`: too many came from that address. */
  wrongKey(answer: 'refused' | 'not checked'): void;
  /** A message about alerts, to a robot or a webhook. */
  alertSent(type: string, isSent: boolean): void;
  watch(sources: Sources): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  countProcess(registry);
  gauge(CATALOGUE.buildInfo, registry).set({ version: packageVersion(), node: process.versions.node }, 1);
  const labels = new BoundedLabels();
  const engine = createEngineMetrics(registry, labels);
  const setApps = createAppGauges(registry, labels);
  const requestSeconds = histogram(CATALOGUE.requestSeconds, registry);
  const wrongKeys = counter(CATALOGUE.wrongKeys, registry);
  const alerts = counter(CATALOGUE.alerts, registry);
  const setServer = createServerGauges(registry);
  const setClients = createClientGauges(registry);
  let sources: Sources | undefined;

  async function read(from: Sources): Promise<void> {
    const apps = new Set(from.engine.apps.map(({ appId }) => appId));
    const gone = labels.keepOnly((appId) => apps.has(appId));
    if (gone.length > 0) await engine.forget(gone);
    await setApps(from);
    setServer(from);
    setClients(from.clientEnds(), from.clock.nowMs());
  }

  return {
    contentType: registry.contentType,
    async text() {
      if (sources !== undefined) await read(sources);
      return registry.metrics();
    },
    engine,
    events: createEventMetrics(registry),
    requested: (method, route, status, seconds) => requestSeconds.observe({ method, route, status }, seconds),
    wrongKey: (answer) => wrongKeys.inc({ answer }),
    alertSent: (type, isSent) => alerts.inc({ type, outcome: isSent ? 'sent' : 'failed' }),
    watch(from) {
      sources = from;
    },
  };
}

/** These gauges end with the suffix of a counter, and their sum can be taken of the series beside them. */
const MISNAMED = ['active_handles_total', 'active_requests_total', 'active_resources_total'];

/** What every Node.js process has. */
export function countProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry, prefix: 'zhongkong_' });
  for (const name of MISNAMED) registry.removeSingleMetric(`zhongkong_nodejs_${name}`);
}

function createServerGauges(registry: Registry) {
  const dropped = counter(CATALOGUE.droppedLogLines, registry);
  const isReachable = gauge(CATALOGUE.redisReachable, registry);
  const isUsable = gauge(CATALOGUE.redisUsable, registry);
  const unreadable = counter(CATALOGUE.unreadableValues, registry);
  return ({ redisStatus, droppedLogLines, unknownKeys }: Sources) => {
    const status = redisStatus();
    isReachable.set(status === 'unreachable' ? 0 : 1);
    isUsable.set(status === 'reachable' ? 1 : 0);
    dropped.reset();
    dropped.inc(droppedLogLines());
    unreadable.reset();
    unreadable.inc(unknownKeys());
  };
}
