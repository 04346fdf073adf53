import { budgetsOf, conflictTimes, type KeeperState, type RefreshEngine } from '@zhongkong/jobs';
import { type Clock, secondsLeft } from '@zhongkong/shared';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { RedisStatus } from '../redis/watch-redis.js';

export interface GaugeSources {
  readonly engine: RefreshEngine;
  readonly clock: Clock;
  readonly redisStatus: () => RedisStatus;
  readonly droppedLogLines: () => number;
  readonly unknownKeys: () => number;
}

interface AppGauge {
  readonly name: string;
  readonly help: string;
  readonly read: (state: KeeperState, nowMs: number) => number;
}

const APP_GAUGES: readonly AppGauge[] = [
  {
    name: 'zhongkong_token_expires_in_seconds',
    help: 'What is left of the token; 0 when there is none',
    read: ({ record }, nowMs) => (record === null ? 0 : secondsLeft(record, nowMs)),
  },
  {
    name: 'zhongkong_token_version',
    help: 'The version of the token; 0 when there never was one',
    read: ({ record }) => record?.version ?? 0,
  },
  {
    name: 'zhongkong_refresh_failures',
    help: 'Fetches that failed in a row',
    read: ({ failure }) => failure?.count ?? 0,
  },
  {
    name: 'zhongkong_conflict',
    help: '1 when somebody else seems to fetch tokens of the app',
    read: (state, nowMs) => (conflictTimes(state, nowMs).length > 0 ? 1 : 0),
  },
];

/** Registers what stands in memory as gauges, read whenever the registry is. */
export function watchApps(
  registry: Registry,
  { engine, clock, redisStatus, droppedLogLines }: GaugeSources,
): void {
  const registers = [registry];
  for (const { name, help, read } of APP_GAUGES) {
    new Gauge({
      name,
      help,
      labelNames: ['app'],
      registers,
      collect() {
        for (const { appId } of engine.apps) {
          const state = engine.token(appId)?.state();
          if (state !== undefined) this.set({ app: appId }, read(state, clock.nowMs()));
        }
      },
    });
  }
  for (const part of ['used', 'limit'] as const) {
    new Gauge({
      name: `zhongkong_budget_${part}`,
      help:
        part === 'used' ? 'What was used of a budget today (Asia/Shanghai)' : 'What a budget allows in a day',
      labelNames: ['app', 'budget'],
      registers,
      collect() {
        for (const { appId, policy } of engine.apps) {
          const state = engine.token(appId)?.state();
          if (state === undefined) continue;
          for (const use of budgetsOf(state.usage, policy, clock.nowMs())) {
            this.set({ app: appId, budget: use.budget }, use[part]);
          }
        }
      },
    });
  }
  new Counter({
    name: 'zhongkong_log_lines_dropped_total',
    help: 'Log lines that were dropped because standard output could not be written',
    registers,
    collect() {
      this.reset();
      this.inc(droppedLogLines());
    },
  });
  new Gauge({
    name: 'zhongkong_redis_reachable',
    help: '1 while Redis answers',
    registers,
    collect() {
      this.set(redisStatus() === 'unreachable' ? 0 : 1);
    },
  });
  new Gauge({
    name: 'zhongkong_redis_usable',
    help: '1 while Redis accepts writes and grants all rights; 0 while it refuses or does not answer',
    registers,
    collect() {
      this.set(redisStatus() === 'reachable' ? 1 : 0);
    },
  });
}
