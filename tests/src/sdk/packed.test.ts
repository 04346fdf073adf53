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
export const parts = { adapt, withAccessToken, TokenServerError, WeixinError };
export type App = EasyWechatApp;
// @ts-expect-error there is no such way of updating
createTokenClient({ server: '', apiKey: '', appId: '', updates: 'never' });
`;

describe('the packed SDK', () => {
  it('holds code, types and its README, and nothing else', () => {
    const files = filesIn(packSdk());
    expect(files).toEqual(
      expect.arrayContaining(['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts']),
    );
    expect(files.filter((path) => !/^(package\.json|README\.md|dist\/.*\.(js|d\.ts))$/.test(path))).toEqual(
      [],
    );
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
    const source = `const sdk = require('@zhongkong/client-sdk'); const { withAccessToken } = require('@zhongkong/client-sdk/co-wechat-api');
      process.on('warning', (warning) => console.log(warning.name));
      import('@zhongkong/client-sdk').then(({ WeixinError }) => console.log(typeof sdk.initWeixin, typeof withAccessToken, WeixinError === sdk.WeixinError));`;
    expect(run(install('commonjs'), source)).toBe('function function true\n');
  });

  it.each(['module', 'commonjs'] as const)('has types that a %s can be checked against', (type) => {
    const folder = install(type);
    for (const name of ['@types/node', 'undici-types'])
      cpSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
    writeFileSync(join(folder, 'main.ts'), CONSUMER);
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
    expect(execFileSync(tsc, [...flags, 'main.ts'], { cwd: folder, encoding: 'utf8' })).toBe('');
  });

  it('has a manifest in which publint finds nothing', async () => {
    const { messages } = await publint({
      pkgDir: join(install('module'), 'node_modules/@zhongkong/client-sdk'),
      pack: false,
    });
    expect(messages).toEqual([]);
  });
});
