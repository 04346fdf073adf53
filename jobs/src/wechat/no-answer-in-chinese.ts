/** The texts of `client.ts`, `fetch-outcome.ts` and `ticket.ts` for an answer that brought nothing, which are stored in English. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/^it answered HTTP (\d+)$/, '微信返回了 HTTP $1'],
  [/^a web page was answered in place of JSON$/, '返回的是网页，不是 JSON'],
  [/^it answered with an empty body$/, '微信返回了空内容'],
  [/^its answer is no JSON$/, '微信返回的不是 JSON'],
  [/^its answer is too long$/, '微信返回的内容过长'],
  [/^it did not answer in time$/, '微信没有及时应答'],
  [/^the connection failed \((.+)\)$/, '连接失败（$1）'],
  [/^its answer holds no usable (\S+) and expires_in$/, '微信返回的内容里没有可用的 $1 和 expires_in'],
  [/^there is no access token to ask with$/, '没有可用来请求的 access_token'],
];

/** Says in Chinese why WeChat gave no usable answer. A text of WeChat itself stays as it is. */
export function noAnswerInChinese(detail: string): string {
  const [pattern, text] = TEXTS.find(([known]) => known.test(detail)) ?? [];
  return pattern === undefined || text === undefined ? detail : detail.replace(pattern, text);
}
