import type { AccessTokenAnswer, RefreshAnswer, RefreshRequest } from '@zhongkong/shared/contract';
import { API_KEY, APP } from './fixtures.js';

const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };

/** Reads the token of the first app as a client would. */
export async function readToken(serverUrl: string): Promise<AccessTokenAnswer> {
  const response = await fetch(`${serverUrl}/v1/apps/${APP.appId}/access-token`, { headers });
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return (await response.json()) as AccessTokenAnswer;
}

/** Reports the first app's token as dead. */
export async function reportToken(serverUrl: string, stale: RefreshRequest): Promise<RefreshAnswer> {
  const url = `${serverUrl}/v1/apps/${APP.appId}/access-token/refresh`;
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(stale) });
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return (await response.json()) as RefreshAnswer;
}

export async function statusOf(url: string): Promise<number> {
  return (await fetch(url)).status;
}
