import { API_KEY, APP_ID } from './processes.mjs';

/** The bytes of a request. @param {Record<string, string>} headers */
export function bytesOf(method, path, headers = {}, body = '') {
  const all = {
    host: 'bench',
    ...(body && { 'content-type': 'application/json', 'content-length': body.length }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

export const TOKEN_PATH = `/v1/apps/${APP_ID}/access-token`;
export const WITH_KEY = { authorization: `Bearer ${API_KEY}` };

/** An answer as bare node:http can send it again. */
export async function copyOf(response) {
  const left = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding']);
  const headers = [...response.headers].filter(([name]) => !left.has(name)).flat();
  return [response.status, headers, await response.text()];
}

/** @throws Error unless every answer had this status */
export function allHave(status, result) {
  const { [status]: right = 0 } = result.statuses;
  if (right !== result.count || right === 0)
    throw new Error(`every answer should be ${status}: ${JSON.stringify(result.statuses)}`);
  return result;
}
