import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken, statusOf } from '../helpers/http.js';
import { childrenOf, isRunning } from '../helpers/processes.js';
import { spawnServer } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';

/** The embedded Redis of a server process. */
const redisOf = (pid: number) => eventually('the embedded Redis', () => childrenOf(pid)[0]);

/** A Redis on the server's files and socket, with nobody to stop it. @returns its exit code */
async function startOrphan(dataDir: string): Promise<number> {
  const socket = join(dataDir, 'redis.sock');
  const args = [
    '--port',
    '0',
    '--unixsocket',
    socket,
    '--dir',
    join(dataDir, 'redis'),
    '--appendonly',
    'yes',
  ];
  const orphan = spawn('redis-server', args, { stdio: 'ignore' });
  cleanUp(() => orphan.kill('SIGKILL'));
  const [code] = await once(orphan, 'exit');
  return code;
}

describe('zhongkong serve', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 on %s and leaves no child behind', async (signal) => {
    const platform = await startPlatform();
    const server = spawnServer({ platform: platform.url });
    await readToken(await server.ready);
    const redis = await redisOf(server.pid);
    server.kill(signal);
    expect(await server.ended).toBe(0);
    expect(isRunning(redis)).toBe(false);
  });

  it('starts beside a Kubernetes service of its own name in silence, and warns of a variable that nobody reads', async () => {
    const platform = await startPlatform();
    const environment = {
      ZHONGKONG_PORT: 'tcp://10.0.0.1:7200',
      ZHONGKONG_SERVICE_HOST: '10.0.0.1',
      ZHONGKONG_MASTERKEY: 'the-value',
    };
    const server = spawnServer({ platform: platform.url, environment });
    await server.ready;
    const warnings = server
      .output()
      .split('\n')
      .filter((line) => line.includes('ZHONGKONG_'));
    expect(warnings).toEqual([
      expect.stringMatching(
        /"level":"warn".*ZHONGKONG_MASTERKEY is not known .* Did you mean ZHONGKONG_MASTER_KEY\?/,
      ),
    ]);
    expect(warnings.join()).not.toContain('the-value');
  });

  it('says its final address in the first line that it logs', async () => {
    const platform = await startPlatform();
    const server = spawnServer({ platform: platform.url });
    const url = await server.ready;
    const first = JSON.parse(server.output().split('\n')[0] ?? '');
    expect(first).toMatchObject({ level: 'info', url });
  });

  it('serves the stored token after it and its Redis were killed, without a fetch', async () => {
    const platform = await startPlatform();
    const dataDir = tempFolder();
    const first = spawnServer({ platform: platform.url, dataDir });
    const token = await readToken(await first.ready);
    const redis = await redisOf(first.pid);
    process.kill(redis, 'SIGKILL');
    first.kill('SIGKILL');
    await first.ended;
    const second = spawnServer({ platform: platform.url, dataDir });
    expect((await readToken(await second.ready)).accessToken).toBe(token.accessToken);
    expect(platform.control.counters(APP.appId).tokensIssued.stable).toBe(1);
  });

  it('takes over from a server that was killed and could not stop its Redis', async () => {
    const platform = await startPlatform();
    const dataDir = tempFolder();
    const first = spawnServer({ platform: platform.url, dataDir });
    const token = await readToken(await first.ready);
    first.kill('SIGTERM');
    await first.ended;
    const orphan = startOrphan(dataDir);
    await eventually('the orphan', () => existsSync(join(dataDir, 'redis.sock')));
    const second = spawnServer({ platform: platform.url, dataDir });
    expect((await readToken(await second.ready)).accessToken).toBe(token.accessToken);
    expect(await orphan).toBe(0);
  });

  it('takes its Redis with it when it is killed', async () => {
    const platform = await startPlatform();
    const server = spawnServer({ platform: platform.url });
    await server.ready;
    const redis = await redisOf(server.pid);
    server.kill('SIGKILL');
    await eventually('the end of its Redis', () => !isRunning(redis));
  });

  it('starts its Redis again when that dies, and serves from memory meanwhile', async () => {
    const platform = await startPlatform();
    const server = spawnServer({ platform: platform.url });
    const url = await server.ready;
    const token = await readToken(url);
    const redis = await redisOf(server.pid);
    process.kill(redis, 'SIGKILL');
    expect((await readToken(url)).accessToken).toBe(token.accessToken);
    const next = await eventually('another Redis', () => childrenOf(server.pid).find((pid) => pid !== redis));
    expect(isRunning(next)).toBe(true);
    platform.control.revoke({ appId: APP.appId });
    await eventually('a healed token', async () => {
      return reportToken(url, { staleVersion: token.version }).then(
        (answer) => answer.refreshed,
        () => false,
      );
    });
  });

  it('starts while WeChat cannot be reached, says that it is not ready, and heals when WeChat is back', async () => {
    const platform = await startPlatform();
    platform.control.addFault({ kind: 'reset', times: 'forever' });
    const server = spawnServer({ platform: platform.url });
    const url = await server.ready;
    expect(await statusOf(`${url}/readyz`)).toBe(503);
    expect(await statusOf(`${url}/healthz`)).toBe(200);
    platform.control.clearFaults();
    await eventually('readiness', async () => (await statusOf(`${url}/readyz`)) === 200);
  });
});
