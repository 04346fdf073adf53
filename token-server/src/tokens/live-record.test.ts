import { describe, expect, it } from '@jest/globals';
import type { Credential, CredentialRecord, Failure, ReportAnswer } from '@zhongkong/jobs';
import { liveRecordOf, recordAfterReport } from './live-record.js';

const NOW_MS = 1_000_000;
const record: CredentialRecord = {
  value: 'T',
  version: 7,
  obtainedAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 7_200_000,
  lifeMs: 7_200_000,
};
const failure: Failure = {
  kind: 'transient',
  errmsg: 'it is away',
  count: 1,
  atMs: NOW_MS,
  retryAtMs: NOW_MS,
};

function credential(live: CredentialRecord | null, last: Failure | null = null, mode = 'stable'): Credential {
  return {
    policy: { mode },
    state: () => ({ failure: last }),
    retryAtMs: () => NOW_MS + 9_000,
    awaitLive: async () => live,
  } as unknown as Credential;
}

const codeAfter = (answer: ReportAnswer, of = credential(record)) => {
  try {
    return recordAfterReport(of, answer, NOW_MS).version;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('a living record', () => {
  it('is what the credential has within the time', async () => {
    expect(await liveRecordOf(credential(record), 0)).toBe(record);
  });

  it('that is missing says why, and when a later try may go better', async () => {
    const rejection = (of: Credential) => expect(liveRecordOf(of, 0)).rejects;
    await rejection(credential(null)).toMatchObject({ code: 'token_missing', retryAtMs: null });
    await rejection(credential(null, null, 'external')).toThrow(/push/);
    await rejection(credential(null, failure)).toMatchObject({
      code: 'fetch_failed',
      failure,
      retryAtMs: NOW_MS + 9_000,
    });
  });
});

describe('the record after a report', () => {
  it.each([
    [{ is: 'refreshed' }, 7],
    [{ is: 'superseded' }, 7],
    [{ is: 'still-valid' }, 7],
    [{ is: 'unchecked' }, 7],
    [{ is: 'cooldown', untilMs: NOW_MS }, 7],
    [{ is: 'uncheckable', retryAtMs: NOW_MS }, 'check_unanswered'],
    [{ is: 'over-budget', untilMs: NOW_MS }, 'budget_used_up'],
    [{ is: 'awaiting-push' }, 'push_awaited'],
    [{ is: 'failed', failure }, 'token_missing'],
  ] as const)('with the verdict %j is %s', (verdict, expected) => {
    expect(codeAfter({ verdict, record })).toBe(expected);
  });

  it('is never an expired one, nor none', () => {
    const verdict = { is: 'superseded' } as const;
    expect(codeAfter({ verdict, record: null })).toBe('token_missing');
    expect(codeAfter({ verdict, record: { ...record, expiresAtMs: NOW_MS } })).toBe('token_missing');
    expect(codeAfter({ verdict, record: null }, credential(null, failure))).toBe('fetch_failed');
  });
});
