import type { Credential, CredentialRecord, ReportAnswer } from '@zhongkong/jobs';
import { isLive } from '@zhongkong/shared';
import { NoTokenError } from './no-token-error.js';

/** The living record, at once if there is one, else within this time. @throws NoTokenError */
export async function liveRecordOf(credential: Credential, timeoutMs: number): Promise<CredentialRecord> {
  const record = await credential.awaitLive(timeoutMs);
  if (record === null) throw noTokenOf(credential);
  return record;
}

/** The record to use after a report. @throws NoTokenError when there is none that is worth a try */
export function recordAfterReport(
  credential: Credential,
  { verdict, record }: ReportAnswer,
  nowMs: number,
): CredentialRecord {
  switch (verdict.is) {
    case 'failed':
      throw noTokenOf(credential);
    case 'uncheckable': {
      const text = 'WeChat did not answer, so nobody can tell whether the token is dead. Try again soon.';
      throw new NoTokenError(text, { code: 'check_unanswered', retryAtMs: verdict.retryAtMs });
    }
    case 'over-budget': {
      const text =
        'The token is dead, and the fetches that reports may cause today are used up; the rest is reserved for scheduled refreshes.';
      throw new NoTokenError(text, { code: 'budget_used_up', retryAtMs: verdict.untilMs });
    }
    case 'awaiting-push': {
      const text =
        'The token is dead, and the system that pushes the tokens of this app has not pushed a new one yet.';
      throw new NoTokenError(text, { code: 'push_awaited' });
    }
    default:
      if (record === null || !isLive(record, nowMs)) throw noTokenOf(credential);
      return record;
  }
}

function noTokenOf(credential: Credential): NoTokenError {
  if (credential.policy.isPaused) {
    const text = 'This app is paused, and its last token has ended: an operator has to resume it.';
    return new NoTokenError(text, { code: 'app_paused' });
  }
  const { failure } = credential.state();
  if (failure === null) {
    const text =
      credential.policy.mode === 'external'
        ? 'There is no living token of this app: the system that pushes its tokens has to push one.'
        : 'There is no living token of this app yet: it is being fetched. Try again soon.';
    return new NoTokenError(text, { code: 'token_missing' });
  }
  const text = `No token could be fetched: ${failure.errmsg}.`;
  return new NoTokenError(text, { code: 'fetch_failed', failure, retryAtMs: credential.retryAtMs() });
}
