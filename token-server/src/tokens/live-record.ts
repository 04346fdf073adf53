import {
  type Credential,
  type CredentialRecord,
  noAnswerInChinese,
  type ReportAnswer,
} from '@zhongkong/jobs';
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
      const text = {
        en: 'WeChat did not answer, so nobody can tell whether the token is dead. Try again soon.',
        zh: '微信没有应答，无法判断这个 token 是否失效。请稍后重试。',
      };
      throw new NoTokenError(text, { code: 'check_unanswered', retryAtMs: verdict.retryAtMs });
    }
    case 'over-budget': {
      const text = {
        en: 'The token is dead, and the fetches that reports may cause today are used up; the rest is reserved for scheduled refreshes.',
        zh: '该 token 已失效，而今天可由上报引起的获取次数已经用完；剩余额度留给定时刷新。',
      };
      throw new NoTokenError(text, { code: 'budget_used_up', retryAtMs: verdict.untilMs });
    }
    case 'awaiting-push': {
      const text = {
        en: 'The token is dead, and the system that pushes the tokens of this app has not pushed a new one yet.',
        zh: '该 token 已失效，负责推送该应用 token 的系统尚未推送新的 token。',
      };
      throw new NoTokenError(text, { code: 'push_awaited' });
    }
    default:
      if (record === null || !isLive(record, nowMs)) throw noTokenOf(credential);
      return record;
  }
}

function noTokenOf(credential: Credential): NoTokenError {
  if (credential.policy.isPaused) {
    const text = {
      en: 'This app is paused, and its last token has ended: an operator has to resume it.',
      zh: '该应用已暂停，最后一个 token 也已过期：需要运维人员恢复它。',
    };
    return new NoTokenError(text, { code: 'app_paused' });
  }
  const { failure } = credential.state();
  if (failure === null) {
    const text =
      credential.policy.mode === 'external'
        ? {
            en: 'There is no living token of this app: the system that pushes its tokens has to push one.',
            zh: '该应用没有可用的 token：需要由负责推送的系统推送一个。',
          }
        : {
            en: 'There is no living token of this app yet: it is being fetched. Try again soon.',
            zh: '该应用暂时没有可用的 token，正在获取。请稍后重试。',
          };
    return new NoTokenError(text, { code: 'token_missing' });
  }
  const text = {
    en: `No token could be fetched: ${failure.errmsg}.`,
    zh: `没有获取到 token：${noAnswerInChinese(failure.errmsg)}。`,
  };
  return new NoTokenError(text, { code: 'fetch_failed', failure, retryAtMs: credential.retryAtMs() });
}
