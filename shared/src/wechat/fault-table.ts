import type { Bilingual } from '../bilingual.js';

/**
 * What a fault of WeChat means for the holder of the token.
 * - `dead-token`: the token in the query is invalid, superseded or expired: refresh once, repeat once
 * - `transient`: try again soon, further and further apart
 * - `throttled`: a minute's quota is used up
 * - `exhausted`: a day's quota is used up; until the next day in Asia/Shanghai
 * - `misconfigured`: nobody but an operator can mend it
 * - `rejected`: the request itself is wrong; neither the token nor WeChat is at fault
 */
export type FaultKind = 'dead-token' | 'transient' | 'throttled' | 'exhausted' | 'misconfigured' | 'rejected';

export type Hint = Bilingual;

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

const ours: Hint = {
  en: 'The request was not what WeChat expects. Check that WECHAT_API_BASE_URL leads to WeChat; else report this as a fault of Zhongkong.',
  zh: '请求与微信的要求不符。请检查 WECHAT_API_BASE_URL 是否指向微信平台；否则请作为 Zhongkong 的缺陷反馈。',
};
const minuteQuota: Hint = {
  en: 'The minute’s quota of this API is used up. It heals by itself; look for somebody who calls too often.',
  zh: '该接口的分钟调用次数已用完，会自动恢复；请检查是否有程序调用过于频繁。',
};
const forbiddenAccount: Hint = {
  en: 'WeChat has restricted this account. See the notices in the WeChat console.',
  zh: '该账号被微信限制。请查看微信后台的通知。',
};

const everywhere = (kind: FaultKind, hint?: Hint): FaultRow => ({
  onIssue: kind,
  onCall: kind,
  ...(hint && { hint }),
});
const onIssue = (kind: FaultKind, hint?: Hint): FaultRow => ({ onIssue: kind, ...(hint && { hint }) });
const onCall = (kind: FaultKind): FaultRow => ({ onCall: kind });

/** Faults of the business APIs: the caller's request or the user's state; neither the token nor WeChat is at fault. */
const BUSINESS_FAULTS = [
  40003, 40004, 40005, 40006, 40007, 40009, 40029, 40033, 40037, 40082, 40091, 40097, 40129, 40159, 40163,
  40165, 40169, 40189, 40201, 40202, 40203, 40212, 40226, 41001, 41005, 41006, 41008, 41030, 42002, 42003,
  42006, 42007, 42009, 43001, 43003, 43101, 44001, 44002, 45001, 45015, 45029, 45047, 45063, 45072, 45080,
  45081, 45162, 47001, 47003, 48001, 48004, 48006, 61003, 61005, 61006, 61007, 61010, 61014, 61015, 61023,
  76001, 76002, 76003, 76004, 76021, 76022, 85079, 87014, 89002, 89300, 101000, 101002,
];

/**
 * One row a code, both meanings side by side, from WeChat's return-code tables
 * (https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html and the page of each API).
 */
export const FAULT_TABLE: Readonly<Record<number, FaultRow>> = {
  ...Object.fromEntries(BUSINESS_FAULTS.map((errcode) => [errcode, onCall('rejected')])),
  [-1]: everywhere('transient'),
  40001: { onIssue: 'misconfigured', onCall: 'dead-token', hint: wrongSecret },
  40002: onIssue('misconfigured', ours),
  40013: onIssue('misconfigured', {
    en: 'The appId is unknown to WeChat. Check it for case and stray characters.',
    zh: 'AppID 不合法。请检查大小写和多余的字符。',
  }),
  40014: onCall('dead-token'),
  40066: everywhere('misconfigured', ours),
  40125: onIssue('misconfigured', wrongSecret),
  40164: everywhere('misconfigured', whitelist),
  40243: onIssue('misconfigured', {
    en: 'The AppSecret is frozen. Unfreeze it in the WeChat console; it takes about ten minutes to work again.',
    zh: 'AppSecret 已被冻结。请在微信后台解冻，约十分钟后生效。',
  }),
  41002: onIssue('misconfigured', ours),
  41004: onIssue('misconfigured', wrongSecret),
  42001: onCall('dead-token'),
  43002: onIssue('misconfigured', ours),
  44990: onCall('throttled'),
  45009: everywhere('exhausted', {
    en: 'The day’s quota of this API is used up. It starts anew at midnight in Shanghai, or after clear_quota.',
    zh: '该接口当日调用次数已用完。北京时间零点恢复，或使用 clear_quota 清零。',
  }),
  45011: everywhere('throttled', minuteQuota),
  45033: everywhere('throttled', minuteQuota),
  45035: everywhere('misconfigured', whitelist),
  48017: everywhere('misconfigured', {
    en: 'This address of WeChat has been retired. Use a host name in WECHAT_API_BASE_URL, not an IP address.',
    zh: '该微信 IP 已停用。WECHAT_API_BASE_URL 请使用域名，不要使用 IP。',
  }),
  50002: everywhere('misconfigured', forbiddenAccount),
  50004: everywhere('misconfigured', forbiddenAccount),
  50007: everywhere('misconfigured', forbiddenAccount),
  60020: everywhere('misconfigured', whitelist),
  61004: everywhere('misconfigured', whitelist),
  61024: onIssue('misconfigured', wrongKind),
  89501: onIssue('misconfigured', adminConfirms),
  89503: onIssue('misconfigured', adminConfirms),
  89506: onIssue('misconfigured', {
    en: 'The administrator refused this address twice; WeChat blocks it for 24 hours.',
    zh: '管理员已两次拒绝这个 IP，24 小时内无法调用。',
  }),
  89507: onIssue('misconfigured', {
    en: 'The administrator refused this address; WeChat blocks it for one hour.',
    zh: '管理员已拒绝这个 IP，1 小时内无法调用。',
  }),
};
