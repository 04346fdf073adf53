import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, statSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@zhongkong/token-server';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { startPlatform } from '../helpers/fixtures.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { startServer } from '../helpers/test-server.js';

async function start(path: string, environment: Record<string, string> = {}) {
  const platform = await startPlatform();
  const lines: Record<string, unknown>[] = [];
  const server = await startServer({
    platform: platform.url,
    environment: { HOST: `unix:${path}`, ACCESS_LOG: 'all', ...environment },
    onLogLine: (line) => void lines.push(line),
  });
  return { server, lines };
}

async function ask(socketPath: string, forwardedFor?: string): Promise<number | undefined> {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  const [answer] = (await once(get({ socketPath, path: '/healthz', headers }), 'response')) as [
    IncomingMessage,
  ];
  await once(answer.resume(), 'end');
  return answer.statusCode;
}

describe('a server on a unix socket', () => {
  it('serves there for its user and group, names it as its URL, and removes it when it stops', async () => {
    const path = join(tempFolder(), 'http.sock');
    const { server, lines } = await start(path);
    expect([server.url, server.networkUrls]).toEqual([`unix:${path}`, []]);
    expect(lines).toContainEqual(expect.objectContaining({ msg: `listening on unix:${path}` }));
    expect(await ask(path)).toBe(200);
    expect(statSync(path).mode & 0o777).toBe(0o660);
    await server.stop();
    expect(existsSync(path)).toBe(false);
  });

  it('takes the place of a dead server, whose file is left', async () => {
    const path = join(tempFolder(), 'http.sock');
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('listening'))`;
    const dead = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(dead.stdout, 'data');
    dead.kill('SIGKILL');
    await once(dead, 'exit');
    expect(lstatSync(path).isSocket()).toBe(true);
    await start(path);
    expect(await ask(path)).toBe(200);
  });

  it('leaves what is alive there, or no socket at all, and says what to do', async () => {
    const folder = tempFolder();
    const [taken, file] = [join(folder, 'taken'), join(folder, 'file')];
    const other = createServer().listen(taken);
    await once(other, 'listening');
    cleanUp(() => other.close());
    writeFileSync(file, 'mine');
    await expect(start(taken)).rejects.toThrow(
      `A program listens on ${taken}: stop that one, or choose another path with HOST.`,
    );
    await expect(start(file)).rejects.toThrow(
      `${file} is there, and it is no socket: remove it, or choose another path with HOST.`,
    );
    const nowhere = join(folder, 'nowhere', 'http.sock');
    await expect(start(nowhere)).rejects.toThrow(
      /^The socket .* cannot be made \(\w+\): its folder has to be there/,
    );
    expect([existsSync(file), other.listening]).toEqual([true, true]);
  });

  it('is not for the demo, whose commands need an address', () => {
    expect(() => loadConfig({ HOST: 'unix:/tmp/x' }, tempFolder())).toThrow(
      'HOST (environment): the demo listens on an address',
    );
  });

  it('believes X-Forwarded-For of those who connect only with TRUST_PROXY=loopback', async () => {
    for (const [environment, address] of [
      [{}, ''],
      [{ TRUST_PROXY: '10.0.0.0/8' }, ''],
      [{ TRUST_PROXY: 'loopback' }, '203.0.113.9'],
    ] as const) {
      const path = join(tempFolder(), 'http.sock');
      const { lines } = await start(path, environment);
      await ask(path, '203.0.113.9');
      await eventually('the line', () => lines.some(({ msg }) => msg === 'request'));
      expect(lines.find(({ msg }) => msg === 'request')).toMatchObject({ address });
    }
  });
});
