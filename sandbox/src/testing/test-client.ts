import { DEMO_APP } from '../platform/app-config.js';
import type { SandboxOptions } from '../sandbox-options.js';
import { type Sandbox, startSandbox } from '../start-sandbox.js';

type Query = Record<string, string>;

/** An answer, read to its end. */
export interface Answer {
  status: number;
  headers: Headers;
  bytes: Buffer;
  /** The body, if it is JSON. */
  json: Record<string, unknown>;
}

/** Noon in Shanghai. */
export const NOON_MS = Date.parse('2026-11-22T04:00:00Z');

/**
 * A sandbox for the tests of one file, and real HTTP calls of it. `start` and `stop` belong around each test. Its
 * clock stands still at noon until it is advanced.
 */
export function createTestClient(options: SandboxOptions = {}) {
  let running: Sandbox | undefined;
  const start = async () => {
    running = await startSandbox({ clock: { nowMs: () => NOON_MS }, ...options });
  };
  const stop = () => running?.stop();

  const sandbox = () => {
    if (!running) throw new Error('start the sandbox first');
    return running;
  };
  const call = async (path: string, query: Query = {}, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${sandbox().url}${path}?${new URLSearchParams(query)}`, init);
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const json = isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : {};
    return { status: response.status, headers: response.headers, bytes, json };
  };
  const get = (path: string, query?: Query) => call(path, query);
  const post = (path: string, body: unknown, query?: Query) =>
    call(path, query, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
  const getToken = (query: Query = {}) =>
    get('/cgi-bin/token', {
      grant_type: 'client_credential',
      appid: DEMO_APP.appId,
      secret: DEMO_APP.secret,
      ...query,
    });
  const stableToken = (body: Record<string, unknown> = {}) =>
    post('/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      appid: DEMO_APP.appId,
      secret: DEMO_APP.secret,
      ...body,
    });
  return {
    start,
    stop,
    control: () => sandbox().control,
    url: () => sandbox().url,
    call,
    get,
    post,
    getToken,
    stableToken,
    /** The query part that carries a fresh token. */
    auth: () => ({ access_token: sandbox().control.foreignRefresh(STABLE).accessToken }),
  };
}

const STABLE = { appId: DEMO_APP.appId, endpoint: 'stable_token' } as const;
export const APP_ID = DEMO_APP.appId;
/** A user of the demo app. */
export const OPENID = 'oUserOfTheDemoApp-1234567890';
