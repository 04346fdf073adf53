import { DEMO_APP } from '../platform/app-config.js';
import type { SandboxOptions } from '../sandbox-options.js';
import type { Sandbox } from '../start-sandbox.js';

/** What a person sees when the sandbox listens: lines to copy. Only the demo app's secret is shown. */
export function announce({ url }: Pick<Sandbox, 'url'>, { apps = [DEMO_APP] }: SandboxOptions): string {
  const { appId, secret } = apps[0] ?? DEMO_APP;
  const shown = secret === DEMO_APP.secret ? secret : 'SECRET';
  const credentials = `grant_type=client_credential&appid=${appId}&secret=${shown}`;
  const control = `${url}/_sandbox`;
  return `WeChat sandbox on ${url}
Apps: ${apps.map((app) => app.appId).join(', ')}

A token:
  curl '${url}/cgi-bin/token?${credentials}'
  curl ${url}/cgi-bin/stable_token -d '${JSON.stringify({ grant_type: 'client_credential', appid: appId, secret: shown })}'

Control, all of it at ${control}:
  curl ${control}/advance-clock -d '{"seconds":7200}'
  curl ${control}/revoke -d '{"appId":"${appId}"}'
  curl ${control}/foreign-refresh -d '{"appId":"${appId}","endpoint":"token"}'
  curl ${control}/add-fault -d '{"kind":"slow","delayMs":3000,"path":"/cgi-bin/*","times":3}'
  curl '${control}/counters?appId=${appId}'
  curl '${control}/calls?last=5'

Stop it with Ctrl-C.
`;
}
