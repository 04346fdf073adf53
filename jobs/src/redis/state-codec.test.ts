import { describe, expect, it } from '@jest/globals';
import { accessTokenOf, emptyState, type KeeperState } from '../keeper/state.js';
import { createSealer } from './sealer.js';
import { decodeState, encodeState } from './state-codec.js';

const sealer = createSealer(Buffer.alloc(32, 1));
const id = accessTokenOf('wx1');
const NOW_MS = Date.UTC(2026, 10, 22);

const state: KeeperState = {
  ...emptyState,
  revision: 7,
  origin: { upstream: 'there', credentials: 'with that' },
  record: {
    value: 'the-token',
    version: 1_795_000_000,
    obtainedAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 7_200_000,
    lifeMs: 7_200_000,
  },
  failure: { kind: 'transient', errmsg: 'down', count: 1, atMs: NOW_MS, retryAtMs: NOW_MS + 1_000 },
};

const stored = (fields: object) =>
  JSON.stringify({
    format: 2,
    sealed: sealer.seal(JSON.stringify({ ...state, ...fields }), 'wx1/access-token/state'),
  });

describe('a stored state', () => {
  it('comes back as it was, and nothing of it can be read in Redis', () => {
    const text = encodeState(id, state, sealer);
    expect(decodeState(id, text, sealer)).toEqual(state);
    expect(text).not.toMatch(/the-token|down|with that/);
  });

  it('that is missing is an empty one', () => {
    expect(decodeState(id, null, sealer)).toEqual(emptyState);
  });

  it('of version 0.1.0, which sealed the value only, goes on', () => {
    const { lastCheck: _, plannedAtMs: _p, passiveFullAtMs: _f, ...rest } = state;
    const verification = { version: 1_795_000_000, startedAtMs: NOW_MS, verdict: 'alive' };
    const text = JSON.stringify({
      format: 1,
      ...rest,
      verification,
      passiveFetchAtMs: NOW_MS,
      usage: { day: '2026-11-22', fetches: 3, forced: 0, lastForcedAtMs: null },
      record: { ...state.record, value: sealer.seal('the-token', 'wx1/access-token/value') },
    });
    expect(decodeState(id, text, sealer)).toEqual({
      ...state,
      lastCheck: verification,
      usage: { day: '2026-11-22', fetches: 3, forced: 0, lastForcedAtMs: null, lastFetchAtMs: null },
    });
  });

  it('of a server that knew fewer fields goes on', () => {
    expect(decodeState(id, stored({ plannedAtMs: undefined }), sealer)).toEqual(state);
  });

  it('of a newer format is refused with a sentence, so that nobody takes it for lost', () => {
    expect(() => decodeState(id, '{"format":3,"sealed":"x"}', sealer)).toThrow(
      expect.objectContaining({
        code: 'newer_data',
        message: expect.stringContaining('a newer version of Zhongkong (format 3, and this version reads 2'),
      }),
    );
  });

  it.each<[string, string]>([
    ['that is no JSON', 'rubbish'],
    ['of an unknown format', '{"format":0,"sealed":"x"}'],
    ['of another app', encodeState(accessTokenOf('wx2'), state, sealer)],
    ['of another credential', encodeState({ appId: 'wx1', kind: 'jsapi' }, state, sealer)],
    ['under another key', encodeState(id, state, createSealer(Buffer.alloc(32, 2)))],
    ['with a version beyond measure', stored({ record: { ...state.record, version: 1e308 } })],
    ['with a token until 9999', stored({ record: { ...state.record, expiresAtMs: Date.UTC(9999, 0) } })],
    ['with a token of 40 days', stored({ record: { ...state.record, expiresAtMs: NOW_MS + 3.5e9 } })],
    ['without a value', stored({ record: { ...state.record, value: undefined } })],
    ['with usage null', stored({ usage: null })],
    ['with a failure until 9e15', stored({ failure: { ...state.failure, retryAtMs: 9e15 } })],
    ['with a failure of a week', stored({ failure: { ...state.failure, retryAtMs: NOW_MS + 6e8 } })],
    ['with a text for an instant', stored({ refreshAtMs: 'soon' })],
    ['with an infinite budget', stored({ usage: { ...state.usage, fetches: 1e300 } })],
  ])('%s is refused', (_name, text) => {
    expect(() => decodeState(id, text, sealer)).toThrow();
  });
});
