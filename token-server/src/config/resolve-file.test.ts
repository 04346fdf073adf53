import { describe, expect, it } from '@jest/globals';
import { sha256Hex } from '@zhongkong/shared';
import { parseConfigFile } from './config-file.js';
import { resolveFile } from './resolve-file.js';

const KEY = 'the-key-of-the-order-service';

function resolve(file: unknown, environment: Record<string, string> = {}) {
  return resolveFile(parseConfigFile(JSON.stringify(file), 'a.json'), { environment, folder: '/nowhere' });
}

function faultsIn(file: unknown): string[] {
  const resolved = resolve(file);
  return resolved.ok ? [] : resolved.faults.map(({ key, message }) => `${key}: ${message}`);
}

const app = { appId: 'wx1', secret: 'the-secret-of-the-app' };
const client = { name: 'order-service', key: KEY, apps: ['wx1'] };

describe('a configuration file', () => {
  it('takes the dropInExpiresIn of a client before that of the app, and refuses one that has no effect', () => {
    const policy = { dropInExpiresIn: 3_000 };
    expect(resolve({ apps: [app], clients: [{ ...client, dropInExpiresIn: 7_200 }], policy })).toMatchObject({
      value: {
        apps: [{ dropInExpiresInSeconds: 3_000 }],
        clients: [{ dropInExpiresInSeconds: 7_200 }],
      },
    });
    const proxy = { ...client, scopes: ['proxy'], dropInExpiresIn: 60 };
    expect(JSON.stringify(resolve({ apps: [app], clients: [proxy] }))).toContain('has no effect without');
  });

  it('becomes apps with a policy and clients with the hash of their key', () => {
    const resolved = resolve({ apps: [{ ...app, name: 'mall' }], clients: [client] });
    expect(resolved).toMatchObject({
      ok: true,
      value: {
        apps: [{ ...app, name: 'mall' }],
        clients: [
          {
            name: 'order-service',
            keySha256: sha256Hex(KEY),
            apps: ['wx1'],
            scopes: ['token:read', 'token:refresh'],
          },
        ],
      },
    });
    expect(JSON.stringify(resolved)).not.toContain(KEY);
  });

  it('needs no secret for an app in external mode', () => {
    const resolved = resolve({ apps: [{ appId: 'wx1', mode: 'external' }], clients: [client] });
    expect(resolved).toMatchObject({ ok: true, value: { apps: [{ secret: null }] } });
  });

  it.each([
    [
      'two apps with one id',
      { apps: [app, app], clients: [client] },
      ['apps[1].appId: the same app is listed above'],
    ],
    [
      'two clients with one name and one key',
      { apps: [app], clients: [client, client] },
      ['clients[1].name: a client above has the same name', 'clients[1]: a client above has the same key'],
    ],
    [
      'a client of an unknown app',
      { apps: [app], clients: [{ ...client, apps: ['wx2'] }] },
      ['clients[0].apps[0]: is not one of the apps above; list it there, or give "*" for all apps'],
    ],
    [
      'a key that cannot be sent in a header',
      { apps: [app], clients: [{ ...client, key: 'a key with spaces' }] },
      ['clients[0].key: must be printable ASCII without spaces, since a client key is sent in a header'],
    ],
    [
      'a key that is an AppSecret',
      { apps: [app], clients: [{ ...client, key: app.secret }] },
      [expect.stringMatching(/^clients\[0\]\.key: must not be an AppSecret/)],
    ],
    [
      'the hash of an AppSecret',
      { apps: [app], clients: [{ ...client, key: undefined, keySha256: sha256Hex(app.secret) }] },
      [expect.stringMatching(/^clients\[0\]\.keySha256: must not be an AppSecret/)],
    ],
    ['a blank secret', { apps: [{ ...app, secret: ' ' }], clients: [client] }, ['apps[0].secret: is blank']],
    [
      'a client that may do nothing',
      { apps: [app], clients: [{ ...client, scopes: [] }] },
      ['clients[0].scopes: must be at least 1 entries long'],
    ],
  ])('is reported with %s', (_what, file, faults) => {
    expect(faultsIn(file)).toEqual(faults);
  });

  it.each(['a', '12-characters'])('warns of a key that may be guessed: %s', (key) => {
    const resolved = resolve({ apps: [app], clients: [{ ...client, key }] });
    expect(resolved.ok && resolved.value.warnings).toEqual([
      'the key of the client "order-service" is short and may be guessed: make one with openssl rand -hex 20',
    ]);
  });

  it('checks the entries that are valid when others are not', () => {
    const faults = faultsIn({ apps: [app, app, { appId: 'wx3', mode: 'fast' }], clients: [client] });
    expect(faults).toEqual([
      'apps[2].mode: must be one of "stable", "classic", "external"',
      'apps[1].appId: the same app is listed above',
    ]);
  });

  it('does not call an app unknown that may be one whose id cannot be read', () => {
    expect(faultsIn({ apps: [{ secret: 's' }], clients: [client] })).toEqual([
      'apps[0].appId: is missing; give a text',
    ]);
  });
});
