import { describe, expect, it } from '@jest/globals';
import { sha256Hex } from '@zhongkong/shared';
import type { ClientSettings } from '../config/config.js';
import { authenticate, authorizeApp, authorizeScope, mayUse } from './authenticate.js';

const client: ClientSettings = {
  id: 'client-1',
  keyId: 'key-1',
  source: 'api',
  name: 'orders',
  keySha256: sha256Hex('the-key'),
  apps: ['wx1'],
  scopes: ['token:read'],
};
const find = async (key: string) => (key === 'the-key' ? client : undefined);
const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'allowed';
};

describe('a request', () => {
  it.each(['Bearer the-key', 'bearer the-key', 'Bearer   the-key'])(
    'with "%s" is of the client',
    async (header) => {
      expect(await authenticate(header, find)).toBe(client);
    },
  );

  it.each([undefined, '', 'the-key', 'Basic the-key', 'Bearer', 'Bearer the-key x', 'Bearer The-Key'])(
    'with "%s" is of nobody',
    async (header) => {
      await expect(authenticate(header, find)).rejects.toMatchObject({ code: 'unauthorized' });
    },
  );

  it('may use the apps and scopes of its client only', () => {
    expect(codeOf(() => authorizeApp(client, 'wx1'))).toBe('allowed');
    expect(codeOf(() => authorizeApp(client, 'wx2'))).toBe('forbidden');
    expect(mayUse({ ...client, apps: ['*'] }, 'wx2')).toBe(true);
    expect(codeOf(() => authorizeScope(client, 'token:read'))).toBe('allowed');
    expect(codeOf(() => authorizeScope(client, 'admin'))).toBe('forbidden');
  });
});
