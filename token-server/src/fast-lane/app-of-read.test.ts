import { describe, expect, it } from '@jest/globals';
import { appOfRead } from './app-of-read.js';

const PATH = '/v1/apps/wx1/access-token';
const headers = { authorization: 'Bearer key' };
const rawHeaders = ['Authorization', 'Bearer key'];

describe('the fast lane', () => {
  it.each([
    ['GET', PATH, headers, 'wx1'],
    ['GET', '/v1/apps/W-x_9/access-token', headers, 'W-x_9'],
    ['GET', '/v1/apps/__proto__/access-token', headers, '__proto__'],
    ['HEAD', PATH, headers, undefined],
    ['POST', PATH, headers, undefined],
    ['get', PATH, headers, undefined],
    ['GET', PATH, {}, undefined],
    ['GET', PATH, { ...headers, 'content-length': '0' }, undefined],
    ['GET', PATH, { ...headers, 'transfer-encoding': 'chunked' }, undefined],
    ['GET', `${PATH}?`, headers, undefined],
    ['GET', `${PATH}/`, headers, undefined],
    ['GET', '/V1/apps/wx1/access-token', headers, undefined],
    ['GET', '/v1/apps//access-token', headers, undefined],
    ['GET', '/v1/apps/access-token', headers, undefined],
    ['GET', '/v1/apps/wx1/x/access-token', headers, undefined],
    ['GET', '/v1/apps/w%781/access-token', headers, undefined],
    ['GET', '/v1/apps/wx1é/access-token', headers, undefined],
    ['GET', `http://host${PATH}`, headers, undefined],
    ['GET', undefined, headers, undefined],
  ])('takes %s %s with %j for a read of %s', (method, url, given, appId) => {
    expect(appOfRead({ method, url, headers: given, rawHeaders })).toBe(appId);
  });

  it('leaves a request with too many headers to the check that refuses it', () => {
    const facts = { method: 'GET', url: PATH, headers };
    expect(appOfRead({ ...facts, rawHeaders: Array.from({ length: 200 }, () => 'x') })).toBe('wx1');
    expect(appOfRead({ ...facts, rawHeaders: Array.from({ length: 202 }, () => 'x') })).toBeUndefined();
  });
});
