import { useState } from 'preact/hooks';
import type { App } from '../api/types.js';
import { CopyText } from '../parts/copy-text.js';
import { text, useText } from '../text/language.js';

interface Way {
  readonly name: string;
  readonly lines: (server: string, appId: string) => string;
}

/** The lines for each way in; docs/recipes has more about each. */
const WAYS: readonly Way[] = [
  {
    name: 'Node SDK',
    lines: (server, appId) => `// npm install @zhongkong/client-sdk
import { initWeixin } from '@zhongkong/client-sdk';

const weixin = initWeixin({
  appId: '${appId}',
  tokenServer: { url: '${server}', apiKey: process.env.ZHONGKONG_KEY },
});`,
  },
  {
    name: 'curl',
    lines: (server, appId) =>
      `curl -H "Authorization: Bearer $ZHONGKONG_KEY" ${server}/v1/apps/${appId}/access-token`,
  },
  {
    name: 'curl, proxy',
    lines: (server, appId) =>
      `# scope: proxy
curl -H "Authorization: Bearer $ZHONGKONG_KEY" ${server}/proxy/${appId}/cgi-bin/getcallbackip`,
  },
  {
    name: 'Java (WxJava)',
    lines: (server, appId) => `WxMaDefaultConfigImpl config = new WxMaDefaultConfigImpl();
config.setAppid("${appId}");
config.setSecret(System.getenv("ZHONGKONG_KEY")); // a client key, not the AppSecret
config.setApiHostUrl("${server}");`,
  },
  {
    name: 'PHP (EasyWeChat 6)',
    lines: (server, appId) => `$app = new EasyWeChat\\MiniApp\\Application([
    'app_id' => '${appId}',
    'secret' => getenv('ZHONGKONG_KEY'), // a client key, not the AppSecret
    'http' => ['base_uri' => '${server}/'],
]);`,
  },
  {
    name: 'Python (wechatpy)',
    lines: (server, appId) => `client = WeChatClient("${appId}", os.environ["ZHONGKONG_KEY"])  # a client key
client.API_BASE_URL = "${server}/cgi-bin/"`,
  },
  {
    name: 'Go',
    lines: (
      server,
      appId,
    ) => `request, _ := http.NewRequest("GET", "${server}/v1/apps/${appId}/access-token", nil)
request.Header.Set("Authorization", "Bearer "+os.Getenv("ZHONGKONG_KEY"))`,
  },
  {
    name: 'C# (Senparc)',
    lines: (server, appId) => `// the token path of this server takes a client key in place of the AppSecret
var url = $"${server}/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret={key}";`,
  },
];

/** Writes the lines that connect a service, with the address at which this page was opened. */
export function Connect({ apps }: { apps: readonly App[] }) {
  const t = useText();
  const [name, setName] = useState(WAYS[0]?.name ?? '');
  const [appId, setAppId] = useState('');
  const chosen = appId || apps[0]?.appId || 'APPID';
  const server = document.baseURI.replace(/\/console.*$/, '');
  const lines = WAYS.find((way) => way.name === name)?.lines(server, chosen) ?? '';
  return (
    <section class="connect" aria-labelledby="connect">
      <h2 id="connect">{t(text('How to connect', '如何接入'))}</h2>
      <div class="tools">
        <label>
          {t(text('With', '方式'))}{' '}
          <select value={name} onChange={(event) => setName(event.currentTarget.value)}>
            {WAYS.map((way) => (
              <option key={way.name}>{way.name}</option>
            ))}
          </select>
        </label>
        <label>
          {t(text('App', '应用'))}{' '}
          <select value={chosen} onChange={(event) => setAppId(event.currentTarget.value)}>
            {apps.slice(0, 500).map((app) => (
              <option key={app.appId} value={app.appId}>
                {app.name ?? app.appId}
              </option>
            ))}
          </select>
        </label>
      </div>
      <CopyText value={lines} label={name} />
    </section>
  );
}
