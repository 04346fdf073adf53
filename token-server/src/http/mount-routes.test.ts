import { describe, expect, it } from '@jest/globals';
import { expressPath } from './mount-routes.js';

describe('a declared path', () => {
  it.each([
    ['/healthz', '/healthz'],
    ['/v1/apps/{appId}/tickets/{type}', '/v1/apps/:appId/tickets/:type'],
    ['/proxy/{appId}/{+path}', '/proxy/:appId/*path'],
  ])('%s is %s in Express', (path, expected) => {
    expect(expressPath(path)).toBe(expected);
  });
});
