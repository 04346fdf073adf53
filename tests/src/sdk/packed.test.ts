import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { publint } from 'publint';
import { ROOT } from '../helpers/examples.js';
import { filesIn, installPacked, packSdk } from '../helpers/packed-sdk.js';
import { tempFolder } from '../helpers/temp-folder.js';

function install(type: 'module' | 'commonjs'): string {
  const folder = tempFolder();
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
  installPacked(packSdk(), folder);
  return folder;
}

function run(folder: string, source: string): string {
  writeFileSync(join(folder, 'main.js'), source);
  return execFileSync(process.execPath, ['main.js'], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
}

const CONSUMER = `
import { createTokenClient, initWeixin, type ClientEvent, type TokenSource, TokenServerError, withAccessToken, WeixinError } from '@zhongkong/client-sdk';
import { withAccessToken as adapt } from '@zhongkong/client-sdk/co-wechat-api';
import type { EasyWechatApp } from '@zhongkong/client-sdk/node-easywechat';

const onEvent = (event: ClientEvent): void => console.log(event.type);
export const tokens: TokenSource = createTokenClient({ server: '', apiKey: '', appId: '', updates: 'poll', onEvent });
export const weixin = initWeixin({ appId: '', tokenServer: { url: '', apiKey: '' } });
export const token: Promise<string> = weixin.auth.getAccessToken().then(({ accessToken }) => accessToken);
export const parts = { adapt, withAccessToken, TokenServerError };
export const codeOf = (error: unknown) => (error instanceof WeixinError ? (error satisfies WeixinError).errCode : 0);
export type App = EasyWechatApp;
const returning = initWeixin({ appId: '', tokenServer: { url: '', apiKey: '' }, throwOnError: false });
export const code: Promise<Buffer | undefined> = returning.wxacode.get({ path: '' }).then(({ buffer }) => buffer);
export const sent: Promise<number> = returning.subscribeMessage.send({ touser: '', templateId: '', data: {} }).then(({ errCode }) => errCode);
export const list: Promise<string[] | undefined> = returning.request<{ ipList: string[] }>({ path: '' }).then(({ ipList }) => ipList);
export const any: Promise<unknown> = returning.request({ path: '' }).then(({ errMsg, ipList }) => errMsg + ipList);
// @ts-expect-error it may have come to a fault
export const surely: Promise<Buffer> = returning.wxacode.get({ path: '' }).then(({ buffer }) => buffer);
// @ts-expect-error there is no such way of updating
createTokenClient({ server: '', apiKey: '', appId: '', updates: 'never' });
`;

describe('the packed SDK', () => {
  it('holds code, types and its README, and nothing else', () => {
    const files = filesIn(packSdk());
    expect(files).toEqual(
      expect.arrayContaining(['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts']),
    );
    const isWanted = /^(package\.json|README\.md|dist\/.*\.(c?js|d\.c?ts))$/;
    expect(files.filter((path) => !isWanted.test(path))).toEqual([]);
    expect(files.filter((path) => /test|contract/.test(path))).toEqual([]);
  });

  it('needs nothing that is not on a registry, no zod, and runs no script when it is installed', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'client-sdk', 'package.json'), 'utf8'));
    expect(Object.keys(manifest.dependencies)).toEqual(['eventsource-parser', 'got']);
    expect(Object.keys(manifest.scripts)).toEqual(['prepack']);
    expect(manifest.sideEffects).toBe(false);
  });

  it('can be imported', () => {
    const source = `import * as sdk from '@zhongkong/client-sdk'; import { withAccessToken } from '@zhongkong/client-sdk/co-wechat-api';
      import * as easy from '@zhongkong/client-sdk/node-easywechat';
      console.log(typeof sdk.createTokenClient, typeof withAccessToken, typeof easy.withAccessToken);`;
    expect(run(install('module'), source)).toBe('function function function\n');
  });

  it('can be required, without a warning, and is the same package for those who import it', () => {
    const source = `process.on('warning', (warning) => console.log(warning.name));
      const names = ['', '/co-wechat-api', '/node-easywechat'].map((entry) => '@zhongkong/client-sdk' + entry);
      Promise.all(names.map(async (name) => {
        const [required, imported] = [require(name), await import(name)];
        const same = Object.keys(imported).every((key) => imported[key] === required[key]);
        return [Object.keys(required).join(), same, typeof required.withAccessToken].join(' ');
      })).then((lines) => console.log(lines.join('\\n')));`;
    expect(run(install('commonjs'), source)).toBe(
      `TokenServerError,WeixinError,createTokenClient,initWeixin,withAccessToken true function
withAccessToken true function
withAccessToken true function
`,
    );
  });

  it.each(['node16', 'nodenext'])(
    'has types that both kinds of module can be checked against: %s',
    (module) => {
      const folder = install('module');
      for (const name of ['@types/node', 'undici-types'])
        cpSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
      for (const file of ['main.mts', 'main.cts']) writeFileSync(join(folder, file), CONSUMER);
      const flags = [
        '--noEmit',
        '--strict',
        '--target',
        'es2023',
        '--types',
        'node',
        '--skipLibCheck',
        'false',
      ];
      const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
      const args = [...flags, '--module', module, 'main.mts', 'main.cts'];
      expect(execFileSync(tsc, args, { cwd: folder, encoding: 'utf8' })).toBe('');
    },
  );

  it('has a manifest in which publint finds nothing', async () => {
    const { messages } = await publint({
      pkgDir: join(install('module'), 'node_modules/@zhongkong/client-sdk'),
      pack: false,
    });
    expect(messages).toEqual([]);
  });
});
