import { describe, expect, it } from '@jest/globals';
import { CodedError } from '@zhongkong/shared';
import { emptyState, type KeeperState } from '../keeper/state.js';
import { manageCredential } from './testing/managed.js';

const state = (version: number, revision: number): KeeperState => ({
  ...emptyState,
  revision,
  record: { value: `token-${version}`, version, obtainedAtMs: 0, expiresAtMs: 1, lifeMs: 1 },
});

const DAY_MS = 86_400_000;
const unavailable = () => new CodedError('Redis is unavailable', { code: 'store_unavailable' });

describe('the memory of a credential', () => {
  it.each([
    ['a newer version', state(2, 1), true],
    ['a newer revision of the same version', state(1, 6), true],
    ['an older version, whatever its revision', state(0, 99), false],
    ['an older revision of the same version', state(1, 4), false],
    ['the state of a Redis that came back empty', emptyState, false],
  ])('given %s, takes over what is newer and nothing else', (_name, next, isTaken) => {
    const { credential } = manageCredential();
    credential.apply(state(1, 5));
    credential.apply(next);
    expect(credential.state()).toEqual(isTaken ? next : state(1, 5));
  });

  it('announces each new version once', () => {
    const { credential, records } = manageCredential();
    for (const next of [emptyState, state(1, 1), state(1, 2), state(3, 1), state(2, 9)])
      credential.apply(next);
    expect(records.map(({ version }) => version)).toEqual([1, 3]);
  });
});

describe('the single flight of a credential', () => {
  it('makes a hundred readers who find no token one fetch', async () => {
    const { credential, wechat } = manageCredential();
    const records = await Promise.all(Array.from({ length: 100 }, () => credential.awaitLive(1_000)));
    expect(new Set(records.map((record) => record?.value))).toEqual(new Set(['token-1']));
    expect(wechat.fetches).toBe(1);
  });

  it('makes a hundred reports of a dead token one check and one fetch, and all get the new token', async () => {
    const { credential, wechat, time } = manageCredential();
    const first = await credential.awaitLive(1_000);
    wechat.verdict = 'dead';
    time.nowMs += 60_000;
    const report = { client: 'mall', stale: { version: first?.version ?? 0 } };
    const answers = await Promise.all(Array.from({ length: 100 }, () => credential.report(report)));
    for (const { verdict, record } of answers)
      expect([verdict.is, record?.value]).toEqual(['refreshed', 'token-2']);
    expect(wechat).toMatchObject({ checks: 1, fetches: 2 });
  });

  it('answers a report of an older version from memory, also while Redis is away', async () => {
    const { credential, store } = manageCredential();
    const record = await credential.awaitLive(1_000);
    store.error = unavailable();
    const stale = { version: (record?.version ?? 0) - 1 };
    expect(await credential.report({ client: 'mall', stale })).toEqual({
      verdict: { is: 'superseded' },
      record,
    });
  });

  it('reads the store before it believes a value that it does not know', async () => {
    const { credential, store, wechat } = manageCredential();
    const record = await credential.awaitLive(1_000);
    if (record === null) throw new Error('no token');
    const newer = { ...record, value: 'token-of-another-server', version: record.version + 1 };
    store.stored = { ...store.stored, record: newer };
    const answer = await credential.report({ client: 'mall', stale: { value: 'garbage' } });
    expect(answer).toEqual({ verdict: { is: 'superseded' }, record: newer });
    expect(wechat.checks).toBe(0);
  });

  it('rejects a report that needs Redis while it is away, and observers hear of it', async () => {
    const { credential, store, reports } = manageCredential('classic');
    const record = await credential.awaitLive(1_000);
    store.error = unavailable();
    const report = { client: 'mall', stale: { version: record?.version ?? 0 } };
    await expect(credential.report(report)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(reports).toMatchObject([{ client: 'mall', answer: undefined }]);
  });

  it('in stable mode goes on without Redis', async () => {
    const { credential, store } = manageCredential('stable');
    store.error = unavailable();
    expect((await credential.awaitLive(1_000))?.value).toBe('token-1');
  });

  it('starts a new session when another server takes over in the middle, and fetches again', async () => {
    const { credential, store, wechat } = manageCredential();
    const save = store.save.bind(store);
    let saves = 0;
    store.save = async (id, owner, next) => {
      saves += 1;
      // The origin and the attempt are saved, then the lease changes hands before the token is.
      if (saves === 3) store.takeOver('another server');
      const isSaved = await save(id, owner, next);
      if (saves === 3) await store.release(id, 'another server');
      return isSaved;
    };
    expect((await credential.awaitLive(2_000))?.value).toBe('token-2');
    expect(wechat.fetches).toBe(2);
  });
});

describe('a clock that is set back a day while WeChat is being backed off from', () => {
  async function start() {
    const driven = manageCredential();
    const errmsg = 'invalid appsecret';
    driven.wechat.outcomes.push({
      failure: { kind: 'misconfigured', errcode: 40125, errmsg, mayHaveSucceeded: false },
    });
    expect(await driven.credential.awaitLive(1_000)).toBeNull();
    await driven.credential.idle();
    expect(driven.credential.retryAtMs()).toBeGreaterThan(driven.time.nowMs);
    driven.time.nowMs -= DAY_MS;
    return driven;
  }

  it('leaves no wait of a day: WeChat may be asked now, and a read asks it', async () => {
    const { credential, wechat } = await start();
    expect(credential.retryAtMs()).toBeNull();
    expect((await credential.awaitLive(1_000))?.value).toBe('token-2');
    expect(wechat.fetches).toBe(2);
  });

  it('makes the credential overdue at once', async () => {
    const { credential } = await start();
    expect(credential.isOverdue(1_000)).toBe(true);
  });
});
