/**
 * What a fault of the platform means for whoever holds the token.
 * - `dead-token`: the token in the query is invalid, superseded or expired: refresh once, repeat once
 * - `transient`: try again soon, further and further apart
 * - `throttled`: a minute's quota is used up
 * - `exhausted`: a day's quota is used up; until the next day in Asia/Shanghai
 * - `misconfigured`: nobody but an operator can mend it
 * - `rejected`: the request itself is wrong; neither token nor platform is at fault
 */
export type FaultKind = 'dead-token' | 'transient' | 'throttled' | 'exhausted' | 'misconfigured' | 'rejected';

export interface Hint {
  readonly en: string;
  readonly zh: string;
}

interface FaultRow {
  /** Meaning as an answer of `/cgi-bin/token` and `/cgi-bin/stable_token`. */
  readonly onIssue?: FaultKind;
  /** Meaning as an answer of any other API. */
  readonly onCall?: FaultKind;
  readonly hint?: Hint;
}

const wrongSecret: Hint = {
  en: 'The AppSecret is wrong or belongs to another account. Copy it again from the WeChat console.',
  zh: 'AppSecret 错误，或不属于这个账号。请到微信后台重新复制。',
};
const whitelist: Hint = {
  en: 'Put this server’s address on the IP whitelist in the WeChat console.',
  zh: '请把本服务器的出口 IP 加入微信后台的 IP 白名单。',
};
const adminConfirms: Hint = {
  en: 'The account’s administrator has to confirm calls from this address in WeChat; then it heals by itself.',
  zh: '需要账号管理员在微信里确认来自这个 IP 的调用；确认之后会自动恢复。',
};
const wrongKind: Hint = {
  en: 'This account’s tokens are issued through a third-party platform; only that platform can fetch them.',
  zh: '该账号由第三方平台代管，access_token 只能由第三方平台获取。',
};

/**
 * One row a code, both meanings side by side, from the platform's return-code tables
 * (https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html and the page of each API).
 */
export const FAULT_TABLE: Readonly<Record<number, FaultRow>> = {
  [-1]: { onIssue: 'transient', onCall: 'transient' },
  40001: { onIssue: 'misconfigured', onCall: 'dead-token', hint: wrongSecret },
  40002: { onIssue: 'misconfigured' },
  40013: {
    onIssue: 'misconfigured',
    hint: {
      en: 'The appId is unknown to WeChat. Check it for case and stray characters.',
      zh: 'AppID 不合法。请检查大小写和多余的字符。',
    },
  },
  40014: { onIssue: 'misconfigured', onCall: 'dead-token' },
  40125: { onIssue: 'misconfigured', hint: wrongSecret },
  40164: { onIssue: 'misconfigured', onCall: 'misconfigured', hint: whitelist },
  40243: {
    onIssue: 'misconfigured',
    hint: {
      en: 'The AppSecret is frozen. Unfreeze it in the WeChat console; it takes about ten minutes to work again.',
      zh: 'AppSecret 已被冻结。请在微信后台解冻，约十分钟后生效。',
    },
  },
  41001: { onCall: 'rejected' },
  41002: { onIssue: 'misconfigured' },
  41004: { onIssue: 'misconfigured', hint: wrongSecret },
  42001: { onCall: 'dead-token' },
  43002: { onIssue: 'misconfigured' },
  45009: {
    onIssue: 'exhausted',
    onCall: 'exhausted',
    hint: {
      en: 'The day’s quota of this API is used up. It starts anew at midnight in Shanghai, or after clear_quota.',
      zh: '该接口当日调用次数已用完。北京时间零点恢复，或使用 clear_quota 清零。',
    },
  },
  45011: { onIssue: 'throttled', onCall: 'throttled' },
  45035: { onIssue: 'misconfigured', onCall: 'misconfigured', hint: whitelist },
  50002: { onIssue: 'misconfigured' },
  50004: {
    onIssue: 'misconfigured',
    hint: { en: 'WeChat has forbidden this account the token API.', zh: '该账号被禁止使用 token 接口。' },
  },
  50007: {
    onIssue: 'misconfigured',
    hint: { en: 'The account is frozen by WeChat.', zh: '该账号已被冻结。' },
  },
  61004: { onIssue: 'misconfigured', onCall: 'misconfigured', hint: whitelist },
  61024: { onIssue: 'misconfigured', hint: wrongKind },
  89501: { onIssue: 'misconfigured', hint: adminConfirms },
  89503: { onIssue: 'misconfigured', hint: adminConfirms },
  89506: {
    onIssue: 'misconfigured',
    hint: {
      en: 'The administrator refused this address twice; WeChat blocks it for 24 hours.',
      zh: '管理员已两次拒绝这个 IP，24 小时内无法调用。',
    },
  },
  89507: {
    onIssue: 'misconfigured',
    hint: {
      en: 'The administrator refused this address; WeChat blocks it for one hour.',
      zh: '管理员已拒绝这个 IP，1 小时内无法调用。',
    },
  },
};
