import { describe, expect, it } from '@jest/globals';
import type { SealedSurvey, WechatReach } from '@zhongkong/jobs';
import { type AppFacts, appFindings, refusedAddresses, type SecretAnswer } from './app-findings.js';
import { CHECKS } from './checks.js';
import { clockFinding } from './clock-findings.js';
import { versionFinding as embeddedVersion } from './embedded-redis.js';
import { type Finding, finding, listNames, sortFindings } from './finding.js';
import { fileModesFinding, portFinding } from './machine-findings.js';
import { sealedFinding, versionFinding } from './state-findings.js';
import { type Family, type WechatFacts, wechatFindings } from './wechat-findings.js';

const wrong = (findings: readonly Finding[]) =>
  findings.filter(({ level }) => level !== 'ok').map(({ level, id }) => `${level} ${id}`);

describe('a finding', () => {
  it('has all its texts in both languages, and something to do unless all is well', () => {
    for (const { title, why, todo } of Object.values(CHECKS))
      for (const { en, zh } of [title, why, todo]) {
        expect(en).toMatch(/\w/);
        expect(zh).toMatch(/[\u4e00-\u9fff]/);
      }
    const text = { en: 'x', zh: 'x' };
    expect(finding('port', { level: 'ok', what: text }).todo).toBeNull();
    expect(finding('port', { level: 'bad', what: text }).todo).toEqual(CHECKS.port.todo);
  });

  it('comes before those that are less bad', () => {
    const what = { en: '', zh: '' };
    const list = [
      finding('server', { level: 'ok', what }),
      finding('budget', { level: 'warning', what }),
      finding('whitelist', { level: 'bad', what }),
      finding('port', { level: 'bad', what }),
    ];
    expect(sortFindings(list).map(({ id }) => id)).toEqual(['port', 'whitelist', 'budget', 'server']);
  });

  it('names ten apps at most', () => {
    const names = Array.from({ length: 12 }, (_, index) => `wx${index}`);
    expect(listNames(names).en).toMatch(/wx9 and 2 more$/);
    expect(listNames(names).zh).toMatch(/wx9 等 12 个$/);
  });
});

describe('a clock', () => {
  it.each([
    [0, 0, 'ok'],
    [5_000, 0, 'ok'],
    [5_400, 500, 'ok'],
    [5_600, 500, 'warning'],
    [-6_000, 0, 'warning'],
    [300_001, 0, 'bad'],
    [-86_400_000, 1_000, 'bad'],
  ])('that is %i ms ahead, give or take %i ms, is %s', (aheadMs, uncertainMs, level) => {
    expect(clockFinding('clock-redis', { aheadMs, uncertainMs }).level).toBe(level);
  });
});

describe('WeChat', () => {
  const answered: WechatReach = {
    is: 'answered',
    isWechat: true,
    status: 200,
    dateMs: 1_000_000,
    receivedAtMs: 1_000_400,
    tookMs: 40,
    peerAddress: '203.0.113.1',
  };
  const facts = (more: Partial<WechatFacts> = {}): WechatFacts => ({
    host: 'api.weixin.qq.com',
    proxy: null,
    proxyAnswers: null,
    reach: answered,
    families: ['IPv4'],
    ...more,
  });
  const both: Family[] = ['IPv4', 'IPv6'];
  it.each<[string, WechatFacts, string[], string[]]>([
    ['is there', facts(), [], []],
    ['is there over both families, and every address is on the list', facts({ families: both }), [], []],
    [
      'is there over both, and an address is refused',
      facts({ families: both }),
      ['203.0.113.9'],
      ['warning ip-family'],
    ],
    ['sees an IPv6 address that it refuses', facts(), ['2001:db8::1'], ['warning ip-family']],
    ['sees an IPv4 address in the form of IPv6', facts(), ['::ffff:1.2.3.4'], []],
    ['is a page', facts({ reach: { ...answered, isWechat: false } }), [], ['bad wechat-reachable']],
    ['is away', facts({ reach: { is: 'no-answer', detail: 'x' } }), [], ['bad wechat-reachable']],
    ['has another time', facts({ reach: { ...answered, dateMs: 0 } }), [], ['bad clock-wechat']],
  ])('%s', (_what, seen, refused, expected) => {
    expect(wrong(wechatFindings(seen, refused))).toEqual(expected);
  });
});

describe('an app', () => {
  const fault = (errcode: number, errmsg = ''): SecretAnswer => ({ is: 'fault', errcode, errmsg });
  const app = (answer: SecretAnswer | null, more: Partial<AppFacts> = {}): AppFacts => ({
    appId: 'wx1',
    answer,
    conflictTimes: [],
    budgets: [],
    ...more,
  });
  it.each<[string, AppFacts, string[]]>([
    ['accepted', app({ is: 'accepted' }), []],
    ['not tried', app(null), []],
    ['40001', app(fault(40001)), ['bad app-secret']],
    ['40125', app(fault(40125)), ['bad app-secret']],
    ['41004', app(fault(41004)), ['bad app-secret']],
    ['40013', app(fault(40013)), ['bad app-secret']],
    ['40243', app(fault(40243)), ['bad app-secret']],
    ['40164', app(fault(40164, 'invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4')), ['bad whitelist']],
    ['61004', app(fault(61004, 'access clientip is not registered requestIP: 1.2.3.4')), ['bad whitelist']],
    ['50004', app(fault(50004)), ['bad app-refused']],
    ['89503', app(fault(89503)), ['bad app-refused']],
    ['45011', app(fault(45011)), ['warning app-refused']],
    ['-1', app(fault(-1)), ['warning app-refused']],
    ['no answer', app({ is: 'no-answer' }), ['warning app-refused']],
    ['a conflict', app(null, { conflictTimes: [1, 2] }), ['bad conflict']],
    [
      'a budget nearly used',
      app(null, { budgets: [{ budget: 'forced', used: 16, limit: 20, almostUsedUp: true }] }),
      ['warning budget'],
    ],
    [
      'a budget used up',
      app(null, { budgets: [{ budget: 'forced', used: 20, limit: 20, almostUsedUp: true }] }),
      ['bad budget'],
    ],
  ])('%s', (_what, facts, expected) => {
    expect(wrong(appFindings([facts]))).toEqual(expected);
  });

  it('is named together with the others that WeChat refuses for the same reason', () => {
    const apps = ['wx1', 'wx2', 'wx3'].map((appId) => app(fault(appId === 'wx3' ? 40243 : 40125), { appId }));
    const found = appFindings(apps).filter(({ id }) => id === 'app-secret');
    expect(found.map(({ what }) => what.en)).toEqual([
      'WeChat answers "40125" for wx1, wx2.',
      'WeChat answers "40243" for wx3.',
    ]);
  });

  it('gives the address that WeChat has seen', () => {
    expect(
      refusedAddresses([
        app(fault(61004, 'requestIP: 1.2.3.4 rid')),
        app(fault(40125, 'invalid ip 9.9.9.9')),
      ]),
    ).toEqual(['1.2.3.4']);
  });
});

describe('what is stored', () => {
  const survey: SealedSurvey = { readable: 3, unknownKey: [], damaged: [] };
  it.each<[string, SealedSurvey | null, string]>([
    ['can be opened', survey, 'ok'],
    ['was too much', null, 'warning'],
    ['is damaged', { ...survey, damaged: [{ key: 'zhongkong:{wx1}:jsapi:data', field: 'state' }] }, 'bad'],
    ['has another key', { ...survey, unknownKey: [{ key: 'k', field: 'f', keyId: null }] }, 'bad'],
  ])('%s', (_what, seen, level) => {
    expect(sealedFinding({ survey: seen }).level).toBe(level);
  });

  it('is named by app and kind', () => {
    const damaged = [{ key: 'zhongkong:{wx1}:jsapi:data', field: 'state' }];
    expect(sealedFinding({ survey: { ...survey, damaged } }).what.en).toContain('wx1/jsapi');
  });

  it.each([
    [['1.0.0', '1.0.0'], 0, 'ok'],
    [[], 0, 'ok'],
    [['1.0.0', '1.1.0'], 0, 'warning'],
    [['1.0.0'], 1, 'warning'],
  ])('by servers of %j and %i others is %s', (versions, strangers, level) => {
    const servers = versions.map((version, index) => ({ id: `s${index}`, url: null, version }));
    expect(versionFinding({ servers, strangers }).level).toBe(level);
  });
});

describe('this machine', () => {
  it.each([
    ['given', 0o600, 'ok'],
    ['given', 0o640, 'ok'],
    ['given', 0o644, 'warning'],
    ['given', 0o660, 'bad'],
    ['key', 0o600, 'ok'],
    ['key', 0o604, 'bad'],
    ['folder', 0o755, 'ok'],
    ['folder', 0o775, 'bad'],
    ['socket', 0o660, 'ok'],
    ['socket', 0o666, 'bad'],
  ] as const)('has a %s file of mode %o: %s', (kind, mode, level) => {
    expect(fileModesFinding([{ path: '/f', kind, mode: 0o100_000 | mode }]).level).toBe(level);
  });

  it.each([
    ['nobody', true, 'ok'],
    ['zhongkong', true, 'warning'],
    ['other', true, 'bad'],
    ['nobody', false, 'bad'],
  ] as const)('has %s at the port, whose address is here: %s, which is %s', (owner, isHere, level) => {
    expect(portFinding({ address: 'a:1', owner, isHere }).level).toBe(level);
  });

  it.each([
    ['7.0.15', 'ok'],
    ['6.2.0', 'ok'],
    ['6.0.16', 'bad'],
    [null, 'bad'],
  ])('has redis-server %s: %s', (version, level) => {
    expect(embeddedVersion(version).level).toBe(level);
  });
});
