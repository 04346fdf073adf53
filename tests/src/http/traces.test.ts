import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken } from '../helpers/http.js';
import { type OtlpReceiver, startOtlpReceiver } from '../helpers/otlp-receiver.js';
import { startServer } from '../helpers/test-server.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

async function start(environment: Record<string, string> = {}) {
  const [platform, receiver] = await Promise.all([startPlatform(), startOtlpReceiver()]);
  const lines: Record<string, unknown>[] = [];
  const server = await startServer({
    platform: platform.url,
    config: { apps: [APP] },
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=the-key-of-the-collector',
      ...environment,
    },
    onLogLine: (line) => lines.push(line),
  });
  return { platform, receiver, server, lines };
}

/** The names from a span up to its root. */
function pathOf({ spans }: OtlpReceiver, name: string, traceId: string): string[] {
  const path: string[] = [];
  let span = spans.find((one) => one.name === name && one.traceId === traceId);
  while (span !== undefined) {
    path.push(span.name);
    const { parentSpanId } = span;
    span = spans.find(({ spanId }) => spanId === parentSpanId);
  }
  return path;
}

const ROUTE = 'POST /v1/apps/:appId/access-token/refresh';

describe('traces', () => {
  it('lead from a report to the answer of WeChat, below the span of the caller; fetches of the schedule are traces of their own', async () => {
    const { platform, receiver, server } = await start();
    const { version, accessToken } = await readToken(server.url);
    platform.control.revoke({ appId: APP.appId });
    const path = `/v1/apps/${APP.appId}/access-token/refresh`;
    const answer = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer the-key-of-the-order-service',
        'content-type': 'application/json',
        traceparent: `00-${TRACE}-${PARENT}-01`,
        tracestate: 'vendor=the-state-of-the-caller',
      },
      body: JSON.stringify({ staleToken: accessToken, errcode: 40001 }),
    });
    expect(await answer.json()).toMatchObject({ refreshed: true, version: version + 1 });
    await server.stop();

    const ofReport = receiver.spans.filter(({ traceId }) => traceId === TRACE);
    expect(pathOf(receiver, 'check', TRACE)).toEqual(['check', 'report', ROUTE]);
    expect(pathOf(receiver, 'fetch', TRACE)).toEqual(['fetch', 'report', ROUTE]);
    expect(pathOf(receiver, 'save', TRACE)).toEqual(['save', 'report', ROUTE]);
    expect(ofReport.find(({ name }) => name === ROUTE)).toMatchObject({ parentSpanId: PARENT, kind: 2 });
    expect(ofReport.find(({ name }) => name === 'fetch')?.attributes).toMatchObject({
      'zhongkong.app': APP.appId,
      'zhongkong.reason': 'passive',
      'zhongkong.outcome': 'ok',
    });
    const first = receiver.spans.find(
      ({ name, attributes }) => name === 'fetch' && attributes['zhongkong.reason'] === 'bootstrap',
    );
    expect(pathOf(receiver, 'fetch', first?.traceId ?? '')).toEqual(['fetch', 'session']);
    expect(new Set(receiver.paths)).toEqual(new Set(['/v1/traces the-key-of-the-collector']));
    const sent = receiver.bodies.join('\n');
    for (const secret of [accessToken, APP.secret, 'the-key-of-the-order-service', 'the-state-of-the-caller'])
      expect(sent).not.toContain(secret);
  });

  it('of several reports hold each what it has caused, although one session handles all', async () => {
    const { platform, receiver, server } = await start();
    const { version } = await readToken(server.url);
    platform.control.revoke({ appId: APP.appId });
    await Promise.all(
      [1, 2, 3].map(() => reportToken(server.url, { staleVersion: version, errcode: 40001 })),
    );
    await server.stop();
    const reports = receiver.spans.filter(({ name }) => name === 'report');
    expect(new Set(reports.map(({ traceId }) => traceId)).size).toBe(3);
    const traces = new Set(reports.map(({ traceId }) => traceId));
    const fetches = receiver.spans.filter(({ name, traceId }) => name === 'fetch' && traces.has(traceId));
    expect(fetches).toHaveLength(1);
  });

  it('are as many as the sampler says', async () => {
    const { receiver, server } = await start({
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
    });
    await readToken(server.url);
    await server.stop();
    expect(receiver.spans).toEqual([]);
  });

  it('that cannot be sent are one WARN line, harm nothing, and do not hold up the stop', async () => {
    const { receiver, server, lines } = await start();
    receiver.status = 400;
    const warnings = () =>
      lines.filter(({ level, msg }) => level === 'warn' && String(msg).includes('traces'));
    await readToken(server.url);
    await eventually('the warning', () => warnings().length === 1);
    await readToken(server.url);
    const before = receiver.paths.length;
    await eventually('the next try', () => receiver.paths.length > before);
    await server.stop();
    expect(warnings()).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('the-key-of-the-collector');
  });
});
