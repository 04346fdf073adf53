import { describe, expect, it } from '@jest/globals';
import { type AppSettings, defaultPolicy, emptyState } from '@zhongkong/jobs';
import { systemClock } from '@zhongkong/shared';
import { createMetrics } from './metrics.js';

/** As much of an engine as metrics read. */
function engineOf(count: number) {
  const apps: AppSettings[] = Array.from({ length: count }, (_, index) => ({
    appId: `wx${index}`,
    secret: 'x',
    policy: defaultPolicy('classic'),
  }));
  const failing = {
    ...emptyState,
    failure: { kind: 'misconfigured', errmsg: '', count: 4, atMs: 0, retryAtMs: 0 } as const,
  };
  const token = (appId: string) => ({ state: () => (appId === 'wx99000' ? failing : emptyState) });
  return { apps, token } as never;
}

describe('metrics of 100,000 apps', () => {
  it('are those of 1,000, and one more with the worst of all others; apps that are gone leave none', async () => {
    const metrics = createMetrics();
    const sources = {
      clock: systemClock,
      redisStatus: () => 'reachable' as const,
      unknownKeys: () => 0,
      clientEnds: () => new Map(),
      droppedLogLines: () => 0,
    };
    metrics.watch({ ...sources, engine: engineOf(100_000) });
    const reported = (appId: string, client: string) =>
      metrics.engine.reported({
        id: { appId, kind: 'access-token' },
        client,
        errcode: undefined,
        reported: null,
        answer: undefined,
        tookMs: 1,
      });
    for (let client = 0; client < 3_000; client += 1) reported('wx0', `client-${client}`);
    const text = await metrics.text();
    const seriesOf = (name: string) => text.match(new RegExp(`^${name}\\{.*$`, 'gm')) ?? [];
    expect(seriesOf('zhongkong_refresh_failures')).toHaveLength(1_001);
    expect(seriesOf('zhongkong_reports_total')).toHaveLength(2_001);
    const lines = text.split('\n');
    expect(lines).toContain('zhongkong_apps{phase="missing"} 100000');
    expect(lines).toContain('zhongkong_app_failing{app="other",kind="misconfigured"} 1');
    expect(lines).toContain('zhongkong_refresh_failures{app="other"} 4');

    metrics.watch({ ...sources, engine: engineOf(0) });
    expect(await metrics.text()).not.toMatch(/app="/);
  });
});
