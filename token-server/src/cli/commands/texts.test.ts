import { describe, expect, it } from '@jest/globals';
import { auditRow, valueText } from '../output/audit-views.js';
import { newerThan } from './history-actions.js';
import { describeReload } from './reload.js';
import { describeReport, whyNotRotated } from './token-actions.js';

const TOKEN = 'the-token-itself';
const body = {
  appId: 'wx1',
  accessToken: TOKEN,
  expiresIn: 100,
  expiresAt: '2026-11-26T02:00:00.000Z',
  version: 7,
  refreshIn: 10,
  refreshed: false,
};

describe('token refresh', () => {
  it.each([
    [
      { refreshed: true },
      /^The token was dead\. A new one was fetched: version 7 \(fingerprint \w{12}\), 100 s left\.$/,
    ],
    [{ reason: 'token_still_valid' }, /^The token is alive, so nothing was fetched/],
    [{ reason: 'superseded' }, /^The token had been replaced already/],
    [{ reason: 'cooldown' }, /checked in 30 s/],
    [{}, /^The token was not replaced/],
  ] as const)('%j is said in words, without the token', (change, text) => {
    const said = describeReport({ body: { ...body, ...change }, retryAfterSeconds: 30 });
    expect(said).toMatch(text);
    expect(said).not.toContain(TOKEN);
  });
});

describe('token rotate without a new token', () => {
  it.each([
    ['cooldown', 30, /try again in 30 s\. Version 7 stays/],
    ['cooldown', undefined, /try again later/],
    [undefined, undefined, /--force/],
  ] as const)('for %s says what to do', (reason, wait, text) => {
    expect(whyNotRotated({ version: 7, ...(reason && { reason }) }, wait)).toMatch(text);
  });
});

describe('reload', () => {
  const none = { added: [], changed: [], removed: [] };
  it.each([
    [{ apps: none, clients: none }, ['The configuration was read again; nothing in it has changed.']],
    [
      { apps: { ...none, added: ['wx1', 'wx2'] }, clients: { ...none, removed: ['old'] }, logLevel: 'debug' },
      ['apps added: wx1, wx2', 'clients removed: old', 'log level: debug'],
    ],
  ])('of %j is said line by line', (answer, lines) => {
    expect(describeReload({ ...answer, restartNeeded: [] })).toEqual(lines);
  });
});

describe('history --follow', () => {
  const entries = ['20-1', '20-0', '9-12', '9-9'].map((id) => ({ id }));
  it.each([
    ['20-0', ['20-1']],
    ['9-9', ['20-1', '20-0', '9-12']],
    ['20-1', []],
    [undefined, ['20-1', '20-0', '9-12', '9-9']],
    // The entry has left the history meanwhile.
    ['9-10', ['20-1', '20-0', '9-12']],
  ])('after %s shows %j', (last, ids) => {
    expect(newerThan(entries, last).map(({ id }) => id)).toEqual(ids);
  });
});

describe('audit', () => {
  it.each([
    [undefined, ''],
    ['0123456789ab', '0123456789ab'],
    [{ mode: 'stable', paused: false, policy: { sweep: 3 } }, 'mode=stable paused=false policy={"sweep":3}'],
    [['a', 'b'], 'a,b'],
  ])('shows %j as %j', (value, text) => {
    expect(valueText(value)).toBe(text);
  });

  it('gives instants as they are to programs', () => {
    const at = '2026-11-26T02:00:00.000Z';
    const who = { client: 'ops', clientId: 'c1', address: '::1' };
    const entry = { id: '1-0', at, ...who, action: 'reload', target: '' } as const;
    expect(auditRow(entry, false)).toEqual([at, 'ops', '::1', 'reload', '', '', '']);
  });
});
