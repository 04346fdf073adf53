import { fingerprint, hintFor } from '@zhongkong/shared';
import { newBudgetWarnings } from '../keeper/budget.js';
import type { CredentialRecord, Failure } from '../keeper/state.js';
import { type EngineObserver, type FetchEvent, outcomeOf } from './events.js';

type Write = (fields: Record<string, unknown>, message: string) => void;

/** What the engine needs of a logger; pino fits. */
export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

/** Writes what happens to the log. Tokens appear as fingerprints only. */
export function createEventLog(log: Log): EngineObserver {
  return {
    fetched(event) {
      const { id, attempt, client, before, after, tookMs } = event;
      const { reason, force } = attempt;
      const fields = { ...id, reason, force, client, tookMs: Math.round(tookMs) };
      if (after.failure !== null && after.failure !== before.failure) logFailure(log, fields, after.failure);
      else if (after.record !== null) log.info({ ...fields, ...describe(after.record) }, titleOf(event));
      warnOfBudgets(log, event);
    },
    pushed({ id, client, after }) {
      if (after.record !== null) log.info({ ...id, client, ...describe(after.record) }, 'a token was pushed');
    },
    checked({ id, record, verdict, tookMs }) {
      const fields = { ...id, verdict, tookMs: Math.round(tookMs), ...describe(record) };
      log.info(fields, 'checked a reported token');
    },
    reported(event) {
      const { id, client, errcode, tookMs } = event;
      const fields = { ...id, client, errcode, outcome: outcomeOf(event), tookMs: Math.round(tookMs) };
      log.debug(fields, 'a client reported a dead token');
    },
  };
}

function titleOf({ before, after }: FetchEvent): string {
  return before.record?.version === after.record?.version ? 'WeChat keeps the token' : 'got a new token';
}

function logFailure(log: Log, fields: object, failure: Failure): void {
  const { kind, errcode, errmsg, retryAtMs } = failure;
  const retryAt = new Date(retryAtMs).toISOString();
  if (kind === 'transient' || kind === 'throttled') {
    const message =
      errcode === undefined
        ? 'WeChat cannot be reached; will retry. If this goes on, check the network and WECHAT_API_BASE_URL'
        : 'WeChat is busy or throttles; will retry';
    log.warn({ ...fields, kind, errcode, errmsg, retryAt }, message);
    return;
  }
  const hint = errcode === undefined ? undefined : hintFor(errcode, errmsg);
  log.error(
    { ...fields, kind, errcode, errmsg, hint, retryAt },
    'WeChat rejects token requests; an operator must act',
  );
}

/** Once a day and budget, when it is almost used up. */
function warnOfBudgets(log: Log, { id, attempt, after, policy }: FetchEvent): void {
  for (const { budget, used, limit } of newBudgetWarnings(
    after.usage,
    attempt,
    policy,
    attempt.startedAtMs,
  )) {
    log.warn({ ...id, budget, used, limit }, 'a budget of the day is almost used up');
  }
}

function describe(record: CredentialRecord) {
  return {
    version: record.version,
    fingerprint: fingerprint(record.value),
    expiresAt: new Date(record.expiresAtMs).toISOString(),
  };
}
