import { describe, expect, it } from '@jest/globals';
import { type CredentialRecord, defaultPolicy, emptyState, type KeeperState } from '@zhongkong/jobs';
import { appStatus } from '@zhongkong/shared/contract';
import type { App } from '../tokens/find-app.js';
import { toAppStatus } from './app-status.js';

const NOW_MS = Date.UTC(2026, 0, 1);
const record: CredentialRecord = {
  value: 'THE-TOKEN',
  version: 7,
  obtainedAtMs: NOW_MS - 60_000,
  expiresAtMs: NOW_MS + 7_140_000,
  lifeMs: 7_200_000,
};

function app(state: Partial<KeeperState>, ticket: Partial<KeeperState> = {}): App {
  const credential = (more: Partial<KeeperState>) => ({
    state: () => ({ ...emptyState, ...more }),
    retryAtMs: () => null,
  });
  return {
    settings: {
      appId: 'wx1',
      source: 'file',
      secret: 'THE-SECRET',
      policy: defaultPolicy('classic'),
      dropInExpiresInSeconds: 240,
    },
    token: credential(state),
    tickets: { jsapi: credential(ticket), wx_card: credential({}) },
  } as unknown as App;
}

describe('the status of an app', () => {
  it('fits the contract and holds no secret', () => {
    const failure = {
      kind: 'misconfigured',
      errcode: 40125,
      errmsg: 'x',
      count: 2,
      atMs: NOW_MS,
      retryAtMs: 0,
    } as const;
    const status = toAppStatus(app({ record, failure, refreshAtMs: NOW_MS + 1 }, { record }), NOW_MS);
    expect(appStatus.parse(status)).toEqual(status);
    expect(JSON.stringify(status)).not.toMatch(/THE-/);
    expect(status).toMatchObject({ phase: 'fresh', version: 7, ageSeconds: 60, lastFault: { failures: 2 } });
    expect(status.lastFault?.hint?.zh).toMatch(/AppSecret/);
    expect(status.tickets.map(({ type }) => type)).toEqual(['jsapi']);
  });

  it('of an app without a token says so', () => {
    expect(toAppStatus(app({}), NOW_MS)).toMatchObject({
      phase: 'missing',
      version: null,
      fingerprint: null,
      lastFault: null,
      conflict: null,
      tickets: [],
    });
  });
});
