import { describe, expect, it } from '@jest/globals';
import { curlOf } from './curl-of.js';
import type { RouteDoc } from './openapi-types.js';

const route: RouteDoc = {
  id: 'a',
  method: 'get',
  path: '/v1/a',
  group: 'Apps',
  summary: '',
  access: 'admin',
  answers: [],
};

describe('the example of a call', () => {
  it('sends the key where the route wants one', () => {
    expect(curlOf(route, 'get')).toBe(`curl -H "Authorization: Bearer $KEY" 'http://127.0.0.1:7200/v1/a'`);
    expect(curlOf({ ...route, access: 'no key' }, 'get')).toBe(`curl 'http://127.0.0.1:7200/v1/a'`);
  });

  it('lets the shell see the variable KEY and nothing else', () => {
    const example = { query: 'secret=$KEY&a=$(b)' };
    expect(curlOf({ ...route, access: 'key as secret', example }, 'get')).toBe(
      `curl 'http://127.0.0.1:7200/v1/a?secret='"$KEY"'&a=$(b)'`,
    );
  });

  it('names the method where curl would not choose it, and fills the path', () => {
    const path = '/proxy/{appId}/{+path}';
    expect(curlOf({ ...route, path, access: 'no key' }, 'delete')).toBe(
      `curl -X DELETE 'http://127.0.0.1:7200/proxy/wx0123456789abcdef/cgi-bin/getcallbackip'`,
    );
  });
});
