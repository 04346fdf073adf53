import { describe, expect, it } from '@jest/globals';
import type { App, Client, ServerEntry } from './api-types.js';
import { countApps, type Findings, phasesText, serverText, troubles } from './summarize.js';

const SOUND: App = {
  appId: 'wx1',
  source: 'file',
  mode: 'stable',
  paused: false,
  secretFingerprint: null,
  policy: {},
  createdAt: null,
  updatedAt: null,
  phase: 'fresh',
  version: 3,
  fingerprint: '0123456789ab',
  ageSeconds: 10,
  expiresAt: '2026-11-26T02:00:00.000Z',
  nextRefreshAt: '2026-11-26T01:55:00.000Z',
  budgets: [{ budget: 'fetches', used: 3, limit: 2_000, almostUsedUp: false }],
  lastFault: null,
  tickets: [],
  conflict: null,
};
const FAULT: App['lastFault'] = {
  kind: 'misconfigured',
  errcode: 40_013,
  errmsg: 'invalid appid',
  at: '2026-11-26T00:00:00.000Z',
  retryAt: '2026-11-26T00:01:00.000Z',
  failures: 3,
  hint: { en: 'Correct the app id.', zh: '请更正 appid。' },
};
const server = (version: string, isThisServer: boolean): ServerEntry => ({
  id: version,
  version,
  url: null,
  startedAt: '',
  seenAt: '',
  isThisServer,
  masterKeyIds: [],
});
const client: Client = {
  id: 'c1',
  name: 'order-service',
  apps: ['*'],
  scopes: ['token:read'],
  source: 'api',
  createdAt: null,
  expiresAt: '2026-12-01T00:00:00.000Z',
  lastUsedAt: null,
  keys: [],
};
const findings: Findings = {
  url: 'http://127.0.0.1:7200',
  readiness: { status: 'ready', redis: 'reachable', apps: [] },
  servers: [server('0.2.0', true)],
  apps: countApps(),
  clients: { total: 1, endingSoon: [] },
};

describe('the counts of zhongkong status', () => {
  it('add up over pages, by phase, and keep the apps in trouble', () => {
    const bad = { ...SOUND, appId: 'wx2', phase: 'dead', lastFault: FAULT } as const;
    const counts = countApps(countApps(undefined, [SOUND, bad]), [{ ...SOUND, paused: true }]);
    expect(phasesText(counts)).toBe('3: 2 fresh, 1 dead, 1 of them paused');
    expect(phasesText({ ...counts, isCut: true })).toMatch(/^more than 3; of these: /);
    expect(counts.inTrouble).toEqual([bad]);
    expect(phasesText(countApps())).toBe('0');
  });
});

describe('what needs attention', () => {
  it.each([
    ['nothing', {}, []],
    ['a fault, with its hint', { lastFault: FAULT }, ['fresh; 40013 invalid appid: Correct the app id.']],
    ['no token, without a fault', { phase: 'missing' }, ['missing; there is no living token']],
    ['nothing, for a paused app', { phase: 'missing', paused: true }, []],
    [
      'a budget',
      { budgets: [{ budget: 'forced', used: 18, limit: 20, almostUsedUp: true }] },
      ['fresh; 18 of 20 of the budget "forced" are used'],
    ],
    [
      'another program that fetches',
      { conflict: { times: [], advice: { en: 'Two fetch.', zh: '冲突' } } },
      ['fresh; Two fetch.'],
    ],
  ] as [string, Partial<App>, string[]][])('is %s', (_what, change, expected) => {
    const apps = countApps(undefined, [{ ...SOUND, ...change }]);
    expect(troubles({ ...findings, apps }, 'en').map(([, text]) => text)).toEqual(expected);
  });

  it('is in Chinese for those who read it', () => {
    const apps = countApps(undefined, [{ ...SOUND, name: '商城', lastFault: FAULT }]);
    expect(troubles({ ...findings, apps }, 'zh')).toEqual([
      ['wx1 商城', 'fresh; 40013 invalid appid: 请更正 appid。'],
    ]);
  });

  it('is a key that ends soon, and servers of different versions', () => {
    const servers = [server('0.2.0', true), server('0.1.0', false)];
    expect(troubles({ ...findings, servers, clients: { total: 1, endingSoon: [client] } }, 'en')).toEqual([
      ['client order-service', expect.stringContaining('2026-12-01')],
      ['servers', 'they have different versions: 0.2.0, 0.1.0'],
    ]);
  });
});

describe('the line of the server', () => {
  it.each([
    ['ready', 'ready, version 0.2.0'],
    ['not_ready', 'not ready, version 0.2.0'],
  ] as const)('%s reads %s', (status, text) => {
    expect(serverText({ ...findings, readiness: { ...findings.readiness, status } })).toBe(text);
  });
});
