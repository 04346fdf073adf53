import { describe, expect, it } from '@jest/globals';
import { problem } from '@zhongkong/shared/contract';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { startServer } from '../helpers/test-server.js';

/** Sends a body to the passive refresh. @returns the status and the problem */
async function send(headers: Record<string, string>, body: string | Uint8Array) {
  const platform = await startPlatform();
  const server = await startServer({ platform: platform.url });
  const answer = await fetch(`${server.url}/v1/apps/${APP.appId}/access-token/refresh`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, ...headers },
    body,
  });
  return { ...problem.parse(await answer.json()) };
}

const json = { 'content-type': 'application/json' };

describe('a body that cannot be read is the sender’s fault', () => {
  it.each([
    ['gzip that is none', { ...json, 'content-encoding': 'gzip' }, 'garbage', /not a JSON object in UTF-8/],
    [
      'gzip that ends too soon',
      { ...json, 'content-encoding': 'gzip' },
      Buffer.from('1f8b08', 'hex'),
      /not a JSON object/,
    ],
    ['an unknown coding', { ...json, 'content-encoding': 'zip' }, '{}', /not a JSON object in UTF-8/],
    [
      'an unknown charset',
      { 'content-type': 'application/json; charset=klingon' },
      '{}',
      /not a JSON object in UTF-8/,
    ],
    ['torn JSON', json, '{"staleVersion":', /not a JSON object in UTF-8/],
    [
      'a form',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'staleVersion=1',
      /Content-Type: application\/json/,
    ],
    ['a text', { 'content-type': 'text/plain' }, '{"staleVersion":1}', /Content-Type: application\/json/],
    ['no type at all', {}, Buffer.from('{"staleVersion":1}'), /Content-Type: application\/json/],
  ])('%s', async (_what, headers, body, detail) => {
    const answer = await send(headers, body);
    expect([answer.status, answer.code]).toEqual([400, 'invalid_request']);
    expect(answer.detail).toMatch(detail);
  });
});
