import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logger.js';

/** Late enough for the first commands that people paste, and all of it within a minute. */
const REPORT_AFTER_MS = 20_000;
const FAULT_AFTER_MS = 15_000;
const TIMEOUT_MS = 5_000;

export interface DemoLifeOptions {
  readonly serverUrl: string;
  readonly sandboxUrl: string;
  readonly appId: string;
  readonly apiKey: string;
  readonly adminKey: string;
  readonly log: Logger;
}

/**
 * Something to see in the console: a token that dies, is reported and replaced; then one fetch that the sandbox refuses,
 * which is repeated and succeeds. @returns what ends it
 */
export function startDemoLife(options: DemoLifeOptions): () => void {
  const { serverUrl, sandboxUrl, appId, apiKey, adminKey, log } = options;
  const ending = new AbortController();
  async function post(url: string, body: object, key?: string): Promise<void> {
    await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.any([ending.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  }
  const wait = (ms: number) => sleep(ms, undefined, { ref: false, signal: ending.signal });
  const token = `${serverUrl}/v1/apps/${appId}/access-token`;
  async function live(): Promise<void> {
    await wait(REPORT_AFTER_MS);
    const read = await fetch(token, {
      headers: { authorization: `Bearer ${apiKey}` },
      signal: ending.signal,
    });
    const { version } = (await read.json()) as { version: number };
    await post(`${sandboxUrl}/_sandbox/revoke`, { appId });
    await post(`${token}/refresh`, { staleVersion: version, errcode: 40001 }, apiKey);
    await wait(FAULT_AFTER_MS);
    const fault = { kind: 'errcode', errcode: -1, appId, path: '/cgi-bin/stable_token', times: 1 };
    await post(`${sandboxUrl}/_sandbox/add-fault`, fault);
    await post(`${token}/rotate`, {}, adminKey);
  }
  live().catch((error: unknown) => {
    if (!ending.signal.aborted) log.debug({ error: String(error) }, 'the demo shows nothing more by itself');
  });
  return () => ending.abort();
}
