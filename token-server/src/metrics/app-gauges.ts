import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Phase, RefreshEngine } from '@zhongkong/jobs';
import type { Clock } from '@zhongkong/shared';
import type { Registry } from 'prom-client';
import { type AppReading, readApp, worseOf } from './app-reading.js';
import type { BoundedLabels } from './bounded-labels.js';
import { CATALOGUE, gauge } from './catalogue.js';

const PHASES: readonly Phase[] = ['missing', 'fresh', 'due', 'dead', 'expired'];
/** Apps that are read at a stretch; requests are answered in between. */
const STRETCH = 2_000;

export interface AppSources {
  readonly engine: Pick<RefreshEngine, 'apps' | 'token'>;
  readonly clock: Clock;
}

/** Registers what memory says of each app. @returns what has to be called before the registry is read */
export function createAppGauges(registry: Registry, labels: BoundedLabels) {
  const gauges = {
    apps: gauge(CATALOGUE.apps, registry),
    expiresIn: gauge(CATALOGUE.expiresIn, registry),
    age: gauge(CATALOGUE.age, registry),
    version: gauge(CATALOGUE.version, registry),
    failures: gauge(CATALOGUE.failures, registry),
    failing: gauge(CATALOGUE.failing, registry),
    conflict: gauge(CATALOGUE.conflict, registry),
    budgetUsed: gauge(CATALOGUE.budgetUsed, registry),
    budgetLimit: gauge(CATALOGUE.budgetLimit, registry),
  };

  function set(app: string, reading: AppReading): void {
    gauges.expiresIn.set({ app }, reading.expiresInSeconds);
    if (reading.ageSeconds !== null) gauges.age.set({ app }, reading.ageSeconds);
    if (reading.version !== null) gauges.version.set({ app }, reading.version);
    gauges.failures.set({ app }, reading.failures);
    for (const kind of reading.failureKinds) gauges.failing.set({ app, kind }, 1);
    gauges.conflict.set({ app }, reading.isConflict ? 1 : 0);
    for (const { budget, used, limit } of reading.budgets) {
      gauges.budgetUsed.set({ app, budget }, used);
      gauges.budgetLimit.set({ app, budget }, limit);
    }
  }

  return async (sources: AppSources): Promise<void> => {
    const { readings, phases } = await readAll(sources, labels);
    // All at once, so that no other reader finds half of it.
    for (const each of Object.values(gauges)) each.reset();
    for (const phase of PHASES) gauges.apps.set({ phase }, phases.get(phase) ?? 0);
    for (const [app, reading] of readings) set(app, reading);
  };
}

async function readAll({ engine, clock }: AppSources, labels: BoundedLabels) {
  const readings = new Map<string, AppReading>();
  const phases = new Map<Phase, number>();
  for (const [index, { appId, policy }] of engine.apps.entries()) {
    if (index > 0 && index % STRETCH === 0) await nextTurn();
    const token = engine.token(appId);
    if (token === undefined) continue;
    const { reading, phase } = readApp(token.state(), policy, clock.nowMs());
    phases.set(phase, (phases.get(phase) ?? 0) + 1);
    const app = labels.app(appId);
    const known = readings.get(app);
    readings.set(app, known === undefined ? reading : worseOf(known, reading));
  }
  return { readings, phases };
}
