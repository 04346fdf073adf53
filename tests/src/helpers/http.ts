import type { AccessTokenAnswer, RefreshAnswer, RefreshRequest } from '@zhongkong/shared/contract';
import { API_KEY, APP } from './fixtures.js';

const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };

/** Reads a token as a client would; of the first app, if none is named. */
export async function readToken(serverUrl: string, appId = APP.appId): Promise<AccessTokenAnswer> {
  const response = await fetch(`${serverUrl}/v1/apps/${appId}/access-token`, { headers });
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return (await response.json()) as AccessTokenAnswer;
}

/** Reports a token as dead; that of the first app, if none is named. */
export async function reportToken(
  serverUrl: string,
  stale: RefreshRequest,
  appId = APP.appId,
): Promise<RefreshAnswer> {
  const url = `${serverUrl}/v1/apps/${appId}/access-token/refresh`;
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(stale) });
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return (await response.json()) as RefreshAnswer;
}

export async function statusOf(url: string): Promise<number> {
  return (await fetch(url)).status;
}
