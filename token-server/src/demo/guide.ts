export interface GuideFacts {
  readonly serverUrl: string;
  /** Where other machines may reach the token server. */
  readonly networkUrls: readonly string[];
  readonly sandboxUrl: string;
  readonly appId: string;
  readonly apiKey: string;
  /** For the console. */
  readonly adminKey: string;
  /** The folder in which `node` finds the SDK. */
  readonly folder: string;
}

/** What the demo prints: complete commands, one a line, to paste into another terminal. */
export function guide(facts: GuideFacts): string {
  const { serverUrl, networkUrls, sandboxUrl, appId, apiKey, adminKey, folder } = facts;
  const key = `-H 'Authorization: Bearer ${apiKey}'`;
  const options = `{ appId: '${appId}', tokenServer: { url: '${serverUrl}', apiKey: '${apiKey}' }, baseUrl: '${sandboxUrl}', onEvent: console.log }`;
  const call = `console.log(await weixin.request({ path: '/cgi-bin/getcallbackip' }));`;
  const revoke = `await fetch('${sandboxUrl}/_sandbox/revoke', { method: 'POST', body: '{"appId":"${appId}"}' });`;
  const sdk = (script: string) =>
    `cd ${quoted(folder)} && node --input-type=module -e "import { initWeixin } from '@zhongkong/client-sdk'; const weixin = initWeixin(${options}); ${script.replaceAll('"', '\\"')}"`;
  const others = networkUrls
    .map((url) => `\n                 ${url}   (from other machines · 供其他机器访问)`)
    .join('');
  return `
Zhongkong demo · 中控演示
  token server   ${serverUrl}${others}
  WeChat sandbox ${sandboxUrl}   (not the real WeChat · 不是真实的微信)
  app            ${appId}
  console        ${serverUrl}/console   (sign in with · 登录密钥 ${adminKey})

# get the token · 取 access_token
curl -sw '\\n' ${key} ${serverUrl}/v1/apps/${appId}/access-token

# passive refresh: version 1 was replaced long ago, so the current token comes back · 被动刷新
curl -sw '\\n' ${key} -H 'Content-Type: application/json' -d '{"staleVersion":1,"errcode":40001}' ${serverUrl}/v1/apps/${appId}/access-token/refresh

# call a WeChat API from any language: the proxy adds the token · 任何语言都可以通过代理调用微信接口
curl -sw '\\n' ${key} ${serverUrl}/proxy/${appId}/cgi-bin/getcallbackip

# call a WeChat API through the SDK · 用 SDK 调用微信接口
${sdk(call)}

# revoke the token at WeChat, then call: the SDK gets 40001, reports it, and the call succeeds · 让 token 失效，看 SDK 自愈
${sdk(`${call} ${revoke} ${call}`)}

Stop with Ctrl-C. For the real WeChat see README.md · 停止：Ctrl-C；接入真实微信请看 README.zh-CN.md

`;
}

/** Quotes a path for a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
