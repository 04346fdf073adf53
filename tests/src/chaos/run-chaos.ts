import { setTimeout as sleep } from 'node:timers/promises';
import { type FailedCall, startClients } from './clients.js';
import { DISTURBANCES } from './disturbances.js';
import { createRandom } from './random.js';
import { watchStalls } from './stalls.js';
import { longestFree, type Span, together } from './timeline.js';
import { startWatch } from './watch.js';
import { APPS, createWorld, LIFETIMES, type World } from './world.js';

const API_KEY = 'the-key-of-the-chaos-clients';
/**
 * What it takes to heal at the worst, when nothing is in the way: another server's lease that has to run out (4 s), a
 * check (at most one a second), a fetch, and a client that tries again.
 */
const HEALABLE_MS = 6_000;
/** How often a classic token is replaced by the schedule: a quarter of its life before its end. */
const GENERATION_MS = LIFETIMES.tokenSeconds * 750;
const QUIET_AT_END_MS = 12_000;

export interface ChaosOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly say: (line: string) => void;
}

export interface ChaosResult {
  readonly seed: number;
  readonly minutes: number;
  readonly disturbances: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly failed: number;
  /** Of those: during the call a token could have been had for long enough. */
  readonly failedThoughHealable: number;
  /** Of those that failed: the longest time in which nothing stood in the way; above the limit it counts as healable. */
  readonly longestChanceMs: number;
  /** What those calls ended with that count as healable. */
  readonly errors: readonly string[];
  /** The slowest call that succeeded: how near healing came to the limit. */
  readonly slowestCallMs: number;
  /** For how long the machine was too busy to run anything in time. */
  readonly stalledMs: number;
  readonly tokensFetched: number;
  /** What the schedule needs, and one for each token that was ended or lost. */
  readonly tokensNeeded: number;
  readonly longestWithoutLivingTokenMs: Readonly<Record<string, number>>;
  readonly versionsBack: number;
}

/** Makes trouble for some minutes, and counts what came of it. */
export async function runChaos({ seed, minutes, say }: ChaosOptions): Promise<ChaosResult> {
  const random = createRandom(seed);
  const world = await createWorld(API_KEY);
  let isOver = false;
  const traffic = startClients(world, API_KEY, createRandom(seed + 1), () => isOver);
  const sight = startWatch(world, API_KEY, () => isOver);
  const counts: Record<string, number> = {};
  const stalls = watchStalls();
  const startedAt = performance.now();
  const endAt = startedAt + minutes * 60_000;
  const underWay = new Set<Promise<void>>();

  while (performance.now() < endAt - QUIET_AT_END_MS) {
    const disturbance = random.pick(DISTURBANCES);
    counts[disturbance.name] = (counts[disturbance.name] ?? 0) + 1;
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    say(
      `${String(seconds).padStart(4)} s  ${disturbance.name.padEnd(18)} ${traffic.calls} calls, ${traffic.failed.length} failed`,
    );
    const work = disturbance.run(world, random);
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
    // Mostly one thing at a time, at times several, now and then a time of peace.
    await sleep(random.next() < 0.15 ? random.between(6_000, 10_000) : random.between(500, 4_000));
  }
  await Promise.all(underWay);
  await sleep(Math.max(0, endAt - performance.now()));
  isOver = true;
  world.end();

  const { counters } = world.platform.control;
  const fetched = APPS.reduce((sum, { appId }) => {
    const { tokensIssued, foreign } = counters(appId);
    return sum + tokensIssued.token + tokensIssued.stable - foreign;
  }, 0);
  const chancesMs = traffic.failed.map((call) => chanceMs(call, world, stalls));
  const ended = ['token revoked', 'foreign refresher', 'answer lost'].reduce(
    (sum, name) => sum + (counts[name] ?? 0),
    0,
  );
  return {
    seed,
    minutes,
    disturbances: counts,
    calls: traffic.calls,
    failed: traffic.failed.length,
    failedThoughHealable: chancesMs.filter((chanceMs) => chanceMs >= HEALABLE_MS).length,
    longestChanceMs: Math.round(Math.max(0, ...chancesMs)),
    errors: traffic.failed.flatMap(({ error }, index) =>
      (chancesMs[index] ?? 0) >= HEALABLE_MS ? [error] : [],
    ),
    slowestCallMs: Math.round(traffic.slowestMs),
    stalledMs: Math.round(stalls.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)),
    tokensFetched: fetched,
    tokensNeeded: APPS.length * Math.ceil((minutes * 60_000) / GENERATION_MS) + ended,
    longestWithoutLivingTokenMs: Object.fromEntries(
      [...sight.longestDeadMs].map(([app, ms]) => [app, Math.round(ms)]),
    ),
    versionsBack: traffic.versionsBack + sight.versionsBack,
  };
}

/** For how long, while the call was under way, nothing stood between a server and a token. */
function chanceMs(call: FailedCall, { troubles }: World, stalls: readonly Span[]): number {
  const isStable = APPS.some(({ appId, mode }) => appId === call.appId && mode === 'stable');
  const noServer = together(troubles.servers.map(({ spans }) => spans));
  // In stable mode servers refresh without Redis; in classic mode they must not.
  const noRedis = isStable ? [] : troubles.redis.spans;
  return longestFree(call, [...troubles.platform.spans, ...noServer, ...noRedis, ...stalls]);
}
