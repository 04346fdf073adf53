import { fingerprint, hintFor } from '@zhongkong/shared';
import type { CredentialId } from '../core/credential.js';
import type { Attempt, CredentialRecord, Failure, KeeperState, Verdict } from '../core/keeper-state.js';
import type { Log } from './log.js';

/** Tells people what happened to a credential. Tokens appear as fingerprints only. */
export interface Journal {
  attempted(id: CredentialId, attempt: Attempt, before: KeeperState, after: KeeperState): void;
  verified(id: CredentialId, record: CredentialRecord, verdict: Verdict): void;
}

export function createJournal(log: Log): Journal {
  return {
    attempted(id, attempt, before, after) {
      const fields = { ...id, reason: attempt.reason, force: attempt.force };
      if (after.failure !== null && after.failure !== before.failure) logFailure(log, fields, after.failure);
      else if (after.record !== null)
        log.info({ ...fields, ...describe(after.record) }, titleOf(before, after));
    },
    verified(id, record, verdict) {
      log.info({ ...id, verdict, ...describe(record) }, 'checked a token that clients reported');
    },
  };
}

function titleOf(before: KeeperState, after: KeeperState): string {
  return before.record?.version === after.record?.version ? 'WeChat keeps the token' : 'got a new token';
}

function logFailure(log: Log, fields: object, failure: Failure): void {
  const { kind, errcode, errmsg, retryAtMs } = failure;
  const retryAt = new Date(retryAtMs).toISOString();
  if (kind === 'transient' || kind === 'throttled') {
    log.warn(
      { ...fields, kind, errcode, errmsg, retryAt },
      'could not get a token from WeChat; will try again',
    );
    return;
  }
  const hint = errcode === undefined ? undefined : hintFor(errcode, errmsg);
  log.error({ ...fields, kind, errcode, errmsg, hint, retryAt }, 'WeChat gives no token until somebody acts');
}

function describe(record: CredentialRecord) {
  return {
    version: record.version,
    fingerprint: fingerprint(record.value),
    expiresAt: new Date(record.expiresAtMs).toISOString(),
  };
}
