import { beforeAll, describe, expect, it } from '@jest/globals';
import { metricsTables } from '@zhongkong/token-server/testing';
import { readDoc } from '../helpers/examples.js';
import { API_KEY, startPlatform } from '../helpers/fixtures.js';
import { readToken } from '../helpers/http.js';
import { findPromtool, runPromtool } from '../helpers/promtool.js';
import { startServer } from '../helpers/test-server.js';

const promtool = findPromtool();
// It comes with the Debian package `prometheus`; `npm test` gets it there.
const withPromtool = promtool === undefined ? it.skip : it;

let text = '';
beforeAll(async () => {
  const platform = await startPlatform();
  const { url } = await startServer({ platform: platform.url });
  await readToken(url);
  text = await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${API_KEY}` } })).text();
});

const page = readDoc('docs/metrics.md');
const tableOf = (name: string) =>
  new RegExp(`<!-- table: ${name} -->\n([\\s\\S]*?)\n<!-- end -->`).exec(page)?.[1];

describe('GET /metrics', () => {
  it('has the metrics of docs/metrics.md, of the same type, and no others', () => {
    const served = [...text.matchAll(/^# TYPE (\w+) \w+$/gm)].map(([, name]) => name);
    const documented = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(served.sort()).toEqual(documented.sort());
    for (const [, name, type] of page.matchAll(/^\| `(\w+)` \| (counter|gauge|histogram) /gm))
      expect(text).toContain(`# TYPE ${name} ${type}\n`);
  });

  withPromtool('keeps to the conventions of Prometheus', async () => {
    expect(await runPromtool(promtool ?? '', ['check', 'metrics'], text)).toEqual([0, '']);
  });
});

describe('docs/metrics.md', () => {
  it('has the tables that scripts/write-metrics-page.mjs writes', async () => {
    const { own, ofProcess } = await metricsTables();
    expect([tableOf('own'), tableOf('process')]).toEqual([own, ofProcess]);
  });
});
