import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@zhongkong/token-server';
import { examplesOf, ROOT } from '../helpers/examples.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { startServer } from '../helpers/test-server.js';

const run = promisify(execFile);

/** The example as a reader would adapt it: with the addresses and the key of what runs here. */
async function adapted(code: string): Promise<string> {
  const platform = await startPlatform();
  const clients = [
    { name: 'reader', key: API_KEY, apps: ['*'], scopes: ['token:read', 'token:refresh', 'proxy'] },
  ];
  const server = await startServer({ platform: platform.url, config: { apps: [APP], clients } });
  return code
    .replaceAll('http://127.0.0.1:7200', server.url)
    .replaceAll('https://api.weixin.qq.com', platform.url)
    .replaceAll(/the key of this service|THE-KEY-OF-THIS-SERVICE/g, API_KEY)
    .replaceAll('tokenServer: {', `baseUrl: '${platform.url}', tokenServer: {`);
}

const scripts = [
  ...[...examplesOf('README.md')].map(([name, code]) => ['README.md', name, code] as const),
  ...[...examplesOf('client-sdk/README.md')].map(
    ([name, code]) => ['client-sdk/README.md', name, code] as const,
  ),
].filter(([, , code]) => code.startsWith('import'));

describe('the examples', () => {
  it('are the same in both languages', () => {
    const withoutRemarks = (code: string) => code.replace(/^# [^{].*$/gm, '#');
    const [english, chinese] = ['README.md', 'README.zh-CN.md'].map((page) =>
      [...examplesOf(page)].map(([name, code]) => [name, withoutRemarks(code)]),
    );
    expect(english?.map(([name]) => name)).toEqual(['sdk', 'curl', 'config']);
    expect(chinese).toEqual(english);
  });

  it.each(scripts)('README example of %s: %s runs to its end', async (_page, _name, code) => {
    const { stderr } = await run(process.execPath, ['--input-type=module', '-e', await adapted(code)], {
      cwd: ROOT,
    });
    expect(stderr).toBe('');
  });

  it('README example for curl runs as it stands, and answers with a token', async () => {
    const script = (await adapted(examplesOf('README.md').get('curl') ?? '')).replaceAll(
      'curl ',
      'curl -sS ',
    );
    const { stdout } = await run('sh', ['-ec', script]);
    const answers = stdout.split(/(?<=})(?={)/).map((text) => JSON.parse(text));
    expect(answers).toMatchObject([
      { appId: APP.appId },
      { appId: APP.appId, refreshed: false, reason: 'superseded' },
      { access_token: expect.any(String), expires_in: 240 },
      { ip_list: expect.any(Array) },
    ]);
  });

  it('README example of a configuration is accepted', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'zhongkong.config.json'), examplesOf('README.md').get('config') ?? '');
    const mode = loadConfig({ MALL_APP_SECRET: 'a-secret', ORDER_SERVICE_KEY: 'a-key' }, folder);
    expect(mode).toMatchObject({
      is: 'serve',
      config: {
        wechatApiBaseUrl: 'https://api.weixin.qq.com',
        apps: [{ secret: 'a-secret', policy: { mode: 'stable' } }],
        clients: [{ name: 'order-service', scopes: ['token:read', 'token:refresh'] }],
      },
    });
  });
});
