import { fingerprint, hintFor } from '@zhongkong/shared';
import { newBudgetWarnings } from '../core/budget.js';
import type { CredentialRecord, Failure } from '../core/keeper-state.js';
import type { Log } from './log.js';
import { type AttemptEvent, type EngineObserver, outcomeOf } from './observer.js';

/** Writes what happens to the log. Tokens appear as fingerprints only. */
export function createLogObserver(log: Log): EngineObserver {
  return {
    attempted(event) {
      const { id, attempt, client, before, after, tookMs } = event;
      const fields = {
        ...id,
        reason: attempt.reason,
        force: attempt.force,
        client,
        tookMs: Math.round(tookMs),
      };
      if (after.failure !== null && after.failure !== before.failure) logFailure(log, fields, after.failure);
      else if (after.record !== null) log.info({ ...fields, ...describe(after.record) }, titleOf(event));
      warnOfBudgets(log, event);
    },
    pushed({ id, client, after }) {
      if (after.record !== null) log.info({ ...id, client, ...describe(after.record) }, 'was handed a token');
    },
    verified({ id, record, verdict, tookMs }) {
      const fields = { ...id, verdict, tookMs: Math.round(tookMs), ...describe(record) };
      log.info(fields, 'checked a token that clients reported');
    },
    reported(event) {
      const { id, client, errcode, tookMs } = event;
      const outcome = outcomeOf(event);
      log.debug(
        { ...id, client, errcode, outcome, tookMs: Math.round(tookMs) },
        'a client reported a dead token',
      );
    },
  };
}

function titleOf({ before, after }: AttemptEvent): string {
  return before.record?.version === after.record?.version ? 'WeChat keeps the token' : 'got a new token';
}

function logFailure(log: Log, fields: object, failure: Failure): void {
  const { kind, errcode, errmsg, retryAtMs } = failure;
  const retryAt = new Date(retryAtMs).toISOString();
  if (kind === 'transient' || kind === 'throttled') {
    log.warn(
      { ...fields, kind, errcode, errmsg, retryAt },
      errcode === undefined
        ? 'WeChat cannot be reached; will try again. If this goes on, check the network and WECHAT_API_BASE_URL'
        : 'WeChat is busy or throttles; will try again',
    );
    return;
  }
  const hint = errcode === undefined ? undefined : hintFor(errcode, errmsg);
  log.error({ ...fields, kind, errcode, errmsg, hint, retryAt }, 'WeChat gives no token until somebody acts');
}

/** Once a day and budget, when its end comes near. */
function warnOfBudgets(log: Log, { id, attempt, after, policy }: AttemptEvent): void {
  for (const warning of newBudgetWarnings(after.usage, attempt, policy, attempt.startedAtMs)) {
    log.warn({ ...id, ...warning }, 'a budget of the day is almost used up');
  }
}

function describe(record: CredentialRecord) {
  return {
    version: record.version,
    fingerprint: fingerprint(record.value),
    expiresAt: new Date(record.expiresAtMs).toISOString(),
  };
}
