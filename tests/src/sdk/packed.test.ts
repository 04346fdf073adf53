import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { publint } from 'publint';
import { ROOT } from '../helpers/examples.js';
import { filesIn, installPacked, packSdk } from '../helpers/packed-sdk.js';
import { tempFolder } from '../helpers/temp-folder.js';

const packed = mkdtempSync(join(tmpdir(), 'zhongkong-packed-'));
const tarball = packSdk(packed);
afterAll(() => rmSync(packed, { recursive: true }));

function install(type: 'module' | 'commonjs'): string {
  const folder = tempFolder();
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
  installPacked(tarball, folder);
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
import { createTokenClient, initWeixin, type ClientEvent, type TokenSource, TokenServerError, WeixinError } from '@zhongkong/client-sdk';
import { withAccessToken as adapt } from '@zhongkong/client-sdk/co-wechat-api';
import { withAccessToken as adaptFetch } from '@zhongkong/client-sdk/fetch';
import { withAccessToken as adaptGot } from '@zhongkong/client-sdk/got';
import { withAccessToken as adaptAxios } from '@zhongkong/client-sdk/axios';
import type { EasyWechatApp } from '@zhongkong/client-sdk/node-easywechat';

const onEvent = (event: ClientEvent): void => console.log(event.type);
export const tokens: TokenSource = createTokenClient({ server: ['', ''], apiKey: '', appId: '', updates: 'poll', onEvent, fetch });
export const weixin = initWeixin({ appId: '', tokenServer: { url: '', apiKey: '' } });
export const token: Promise<string> = weixin.auth.getAccessToken().then(({ accessToken }) => accessToken);
export const healing: typeof fetch = adaptFetch(fetch, tokens);
export const parts = { adapt, adaptGot, adaptAxios, TokenServerError };
export const codeOf = (error: unknown) => (error instanceof WeixinError ? (error satisfies WeixinError).errCode : 0);
export type App = EasyWechatApp;
const returning = initWeixin({ appId: '', tokenServer: { url: '', apiKey: '' }, throwOnError: false });
export const code: Promise<Buffer | undefined> = returning.wxacode.get({ path: '' }).then(({ buffer }) => buffer);
export const sent: Promise<number> = returning.subscribeMessage.send({ touser: '', templateId: '', data: {} }).then(({ errCode }) => errCode);
export const list: Promise<string[] | undefined> = returning.request<{ ipList: string[] }>({ path: '' }).then(({ ipList }) => ipList);
export const any: Promise<unknown> = returning.request({ path: '' }).then(({ errMsg, ipList }) => errMsg + ipList);
// @ts-expect-error it may be a fault
export const surely: Promise<Buffer> = returning.wxacode.get({ path: '' }).then(({ buffer }) => buffer);
// @ts-expect-error there is no such way of updating
createTokenClient({ server: '', apiKey: '', appId: '', updates: 'never' });
`;

const ENTRIES = ['', '/got', '/axios', '/fetch', '/co-wechat-api', '/node-easywechat'];

describe('the packed SDK', () => {
  it('holds code, types, its READMEs and the licence, and nothing else', () => {
    const files = filesIn(tarball);
    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'LICENSE',
        'README.md',
        'README.zh-CN.md',
        'dist/cjs/index.js',
        'dist/cjs/index.d.ts',
      ]),
    );
    const isWanted =
      /^(package\.json|LICENSE|README(\.zh-CN)?\.md|dist\/(cjs\/package\.json|.*\.(js|d\.ts)))$/;
    expect(files.filter((path) => !isWanted.test(path))).toEqual([]);
    expect(files.filter((path) => /test|contract/.test(path))).toEqual([]);
  });

  it('has READMEs whose links work in the package, and at the homepage', () => {
    const { homepage } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const files = filesIn(tarball);
    for (const page of ['README.md', 'README.zh-CN.md']) {
      const text = readFileSync(join(ROOT, 'client-sdk', page), 'utf8');
      expect(text.indexOf('npm install @zhongkong/client-sdk')).toBeLessThan(700);
      for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)/g)) {
        const path = target.startsWith(homepage) ? target.slice(homepage.length + 1) : target;
        const exists = target.startsWith(homepage) ? existsSync(join(ROOT, path)) : files.includes(path);
        expect({ page, target, exists }).toEqual({ page, target, exists: true });
      }
    }
  });

  it('needs no other package, and runs no script when it is installed', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'client-sdk', 'package.json'), 'utf8'));
    expect(manifest.dependencies).toBeUndefined();
    expect(Object.keys(manifest.scripts)).toEqual(['prepack']);
    expect(manifest.sideEffects).toBe(false);
    const folder = install('module');
    const code = filesIn(tarball).filter((path) => /\.(js|d\.ts)$/.test(path));
    const texts = code.map((path) =>
      readFileSync(join(folder, 'node_modules/@zhongkong/client-sdk', path), 'utf8'),
    );
    const specifiers = texts.flatMap((text) =>
      [...text.matchAll(/(?:from|require\(|import\() ?["']([^."'][^"']*)["']/g)].map(([, name = '']) => name),
    );
    expect(specifiers.filter((name) => !name.startsWith('node:'))).toEqual([]);
  });

  it('can be imported', () => {
    const source = `const entries = ${JSON.stringify(ENTRIES)};
      for (const entry of entries) console.log(Object.keys(await import('@zhongkong/client-sdk' + entry)).join());`;
    expect(run(install('module'), source)).toBe(
      `TokenServerError,WeixinError,createTokenClient,initWeixin\n${'withAccessToken\n'.repeat(5)}`,
    );
  });

  it('can be required, without a warning, and is the same package for those who import it', () => {
    const source = `process.on('warning', (warning) => console.log(warning.name));
      const names = ${JSON.stringify(ENTRIES)}.map((entry) => '@zhongkong/client-sdk' + entry);
      Promise.all(names.map(async (name) => {
        const [required, imported] = [require(name), await import(name)];
        const keys = Object.keys(imported);
        return keys.length > 0 && keys.every((key) => imported[key] === required[key]);
      })).then((same) => console.log(same.join()));`;
    expect(run(install('commonjs'), source)).toBe('true,true,true,true,true,true\n');
  });

  it('can be required where ES modules cannot', () => {
    const folder = install('commonjs');
    writeFileSync(join(folder, 'main.js'), `console.log(typeof require('@zhongkong/client-sdk').initWeixin)`);
    const args = ['--no-experimental-require-module', 'main.js'];
    expect(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })).toBe('function\n');
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
