import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Sandbox } from '@zhongkong/sandbox';
import { cleanUp } from '../helpers/clean-up.js';
import { ROOT } from '../helpers/examples.js';
import { API_KEY, APP, startPlatform } from '../helpers/fixtures.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { startServer } from '../helpers/test-server.js';

let platform: Sandbox;
let serverUrl: string;

beforeAll(async () => {
  platform = await startPlatform();
  serverUrl = (await startServer({ platform: platform.url })).url;
});

/** Runs a file of examples/ with the variables that examples/README.md names. */
function run(file: string, args: string[] = []) {
  const child = spawn(process.execPath, [join(ROOT, 'examples', file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      ZHONGKONG_URL: serverUrl,
      ZHONGKONG_API_KEY: API_KEY,
      APP_ID: APP.appId,
      WECHAT_API_BASE_URL: platform.url,
      PORT: '0',
    },
  });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  cleanUp(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const firstLine = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line));
  return { child, ended, firstLine };
}

const JPEG_SIGNATURE = 'ffd8';

describe('the example services', () => {
  it.each(['express.mjs', 'koa.mjs', 'dist/nestjs/main.js'])(
    '%s answers, heals when its token dies, and ends on SIGTERM',
    async (file) => {
      const { child, ended, firstLine } = run(file);
      const url = await firstLine;
      const addresses = async () => (await fetch(`${url}/addresses`)).json();
      expect(await addresses()).toContainEqual(expect.any(String));
      platform.control.revoke({ appId: APP.appId });
      expect(await addresses()).toContainEqual(expect.any(String));
      const code = await fetch(`${url}/code.jpg?scene=a`);
      expect(code.headers.get('content-type')).toMatch(/^image\/jpeg/);
      expect(Buffer.from(await code.arrayBuffer()).toString('hex', 0, 2)).toBe(JPEG_SIGNATURE);
      child.kill('SIGTERM');
      expect([0, 'SIGTERM']).toContain(await ended);
    },
  );

  it('script.mjs writes a code and ends by itself', async () => {
    const file = join(tempFolder(), 'code.jpg');
    const { ended } = run('script.mjs', [file, 'a']);
    expect(await ended).toBe(0);
    expect(readFileSync(file).toString('hex', 0, 2)).toBe(JPEG_SIGNATURE);
  });
});
