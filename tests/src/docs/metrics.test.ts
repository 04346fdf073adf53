import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { metricsTables } from '@zhongkong/token-server/testing';
import { ROOT, readDoc } from '../helpers/examples.js';
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

const RULES = 'deploy/prometheus/zhongkong.rules.yml';
const rules = readDoc(RULES);
const dashboard = JSON.parse(readDoc('deploy/grafana/dashboards/zhongkong.json')) as {
  panels: { title: string; targets?: { expr: string }[] }[];
};

/** Our metrics that stand in an expression, each with the labels in its braces. */
function metricsIn(expression: string): { name: string; labels: string[] }[] {
  return [...expression.matchAll(/\b(zhongkong_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', inner = '']) => ({
    name,
    labels: [...inner.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label),
  }));
}

/** Labels of each series that a server may have; a histogram has three. */
function knownLabels(): Map<string, readonly string[]> {
  const known = new Map<string, readonly string[]>();
  for (const [, name, type, labels = ''] of page.matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*)\|/gm)) {
    const list = [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label);
    known.set(`${name}`, list);
    if (type !== 'histogram') continue;
    known.set(`${name}_bucket`, [...list, 'le']);
    for (const part of ['count', 'sum']) known.set(`${name}_${part}`, list);
  }
  for (const [, name] of text.matchAll(/^# TYPE (\w+) \w+$/gm))
    if (!known.has(`${name}`)) known.set(`${name}`, []);
  return known;
}

describe('alert rules and dashboard', () => {
  const expressions = [
    ...[...rules.matchAll(/^ +expr: '(.*)'$/gm)].map(([, expr = '']) => expr.replaceAll("''", "'")),
    ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ];

  it('use only metrics and labels that a server has', () => {
    const known = knownLabels();
    const used = expressions.flatMap(metricsIn);
    expect([expressions.length > 40, used.length > 40]).toEqual([true, true]);
    const unknown = used.filter(
      ({ name, labels }) => !labels.every((label) => known.get(name)?.includes(label)) || !known.has(name),
    );
    expect(unknown).toEqual([]);
    const grouped = expressions.flatMap((expr) =>
      [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', ')),
    );
    const labels = new Set(['instance', ...[...known.values()].flat()]);
    expect(grouped.filter((label) => !labels.has(label))).toEqual([]);
  });

  it('speak English and Chinese, and lead to a heading', () => {
    const alerts = rules.split(/^ +- alert: /m).slice(1);
    for (const alert of alerts) {
      for (const key of ['summary', 'description', 'summary_zh', 'description_zh'])
        expect(alert).toMatch(new RegExp(`^ +${key}: '.+'$`, 'm'));
      expect(alert).toMatch(/_zh: '.*[\u4e00-\u9fff]/);
      const [, file = '', anchor] =
        /runbook_url: https:\/\/zhongkong\.example\/docs\/([\w.-]+)#(\S+)$/m.exec(alert) ?? [];
      const headings = [...readDoc(`docs/${file}`).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
      expect(headings).toContain(anchor);
    }
  });

  withPromtool('pass promtool, with the failure modes as cases', async () => {
    const [checked] = await runPromtool(promtool ?? '', ['check', 'rules', RULES]);
    const tested = await runPromtool(promtool ?? '', [
      'test',
      'rules',
      RULES.replace('.rules.', '.rules.test.'),
    ]);
    expect([checked, tested[0]]).toEqual([0, 0]);
    const cases = readDoc(RULES.replace('.rules.', '.rules.test.'));
    const headings = [...readDoc('docs/failure-modes.md').matchAll(/^## (.+)$/gm)].map(
      ([, heading = '']) => heading,
    );
    const lower = cases.toLowerCase();
    const covered = (heading: string) =>
      lower.includes(heading.toLowerCase().replace(' or another one', '').replace(', the others do', ''));
    expect(headings.filter((heading) => !covered(heading))).toEqual([]);
  });

  it('are mounted where the provisioning of Grafana looks', () => {
    const folders = readdirSync(join(ROOT, 'deploy/grafana/provisioning')).sort();
    expect(folders).toEqual(['dashboards', 'datasources']);
    expect(existsSync(join(ROOT, 'deploy/grafana/dashboards/zhongkong.json'))).toBe(true);
  });
});
