import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { readDoc } from '../helpers/examples.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken } from '../helpers/http.js';
import { redisCli } from '../helpers/redis-cli.js';
import { type RedisNode, startRedisNode } from '../helpers/redis-node.js';
import { makeSelfSigned } from '../helpers/self-signed.js';
import { COMMAND, spawnServer } from '../helpers/server-process.js';

const run = promisify(execFile);
const NOBODY = 'http://127.0.0.1:9';
const PASSWORD = 'the-password-of-redis';

function command(node: RedisNode, ...args: string[]): Promise<string> {
  return redisCli(['-p', String(node.port)], ...args);
}

/** Starts a server that cannot start. @returns the one line that it says */
async function refusalOf(redisUrl: string, environment: Record<string, string> = {}): Promise<string> {
  const server = spawnServer({ platform: NOBODY, redisUrl, environment });
  expect(await server.ended).toBe(1);
  const lines = server.output().trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^zhongkong: .*\.$/);
  expect(lines[0]).not.toContain(PASSWORD);
  return lines[0] ?? '';
}

/** The user that the documentation advises, as one command to paste. */
function documentedUser(): string[] {
  const [, line = ''] = /^ACL (SETUSER .*)$/m.exec(readDoc('docs/configuration.md')) ?? [];
  return ['ACL', ...line.replaceAll('PASSWORD', PASSWORD).split(' ')];
}

describe('a Redis that refuses is one sentence before the server listens, and exit 1', () => {
  it('when a user lacks commands, keys or channels, or the password is wrong or missing', async () => {
    const node = await startRedisNode(['save ""']);
    const users = {
      commands: '~* &* +@all -zadd -xadd',
      info: '~* &* +@all -info',
      keys: '~other:* &* +@all',
      channels: '~* resetchannels +@all',
      subscriptions: '~* &* +@all -subscribe',
    };
    for (const [name, rights] of Object.entries(users)) {
      await command(node, 'ACL', 'SETUSER', name, 'on', `>${PASSWORD}`, ...rights.split(' '));
    }
    const asUser = (name: string, password = PASSWORD) =>
      refusalOf(`redis://${name}:${password}@${node.address}`);
    const said = await Promise.all([
      ...Object.keys(users).map((name) => asUser(name)),
      asUser('commands', 'wrong'),
    ]);
    expect(said[0]).toMatch(/lacks rights in it \(.*ZADD, XADD\): give the user the rights/);
    expect(said[1]).toMatch(/lacks rights in it \(.*'info' command\)/);
    expect(said[2]).toMatch(/lacks rights in it \(.*keys.*\)/);
    expect(said[3]).toMatch(/lacks rights in it \(.*channel.*\)/);
    expect(said[4]).toMatch(/lacks rights in it \(.*'subscribe' command\)/);
    expect(said[5]).toMatch(/it refuses the user or the password: correct them/);
    await command(node, 'CONFIG', 'SET', 'requirepass', PASSWORD);
    expect(await refusalOf(`redis://${node.address}`)).toMatch(/it wants a password: put user and password/);
  }, 60_000);

  it('when it is a read-only replica, a node of a cluster, no cluster, no sentinel, or full', async () => {
    const replica = await startRedisNode(['save ""', 'replicaof 127.0.0.1 1']);
    const clusterNode = await startRedisNode(['save ""', 'cluster-enabled yes']);
    const full = await startRedisNode(['save ""', 'maxmemory 1']);
    for (const node of [replica, clusterNode, full]) await command(node, 'PING');
    const said = await Promise.all([
      refusalOf(`redis://${replica.address}`),
      refusalOf(`redis://${clusterNode.address}`),
      refusalOf(`redis+cluster://${full.address}`),
      refusalOf(`redis+sentinel://${full.address}/main`),
      refusalOf(`redis://${full.address}`),
    ]);
    expect(said[0]).toMatch(/it is a read-only replica: point REDIS_URL at the master/);
    expect(said[1]).toMatch(/it is a node of a cluster: write redis\+cluster:\/\/ in REDIS_URL/);
    expect(said[2]).toMatch(/it is not a cluster: write redis:\/\/ in REDIS_URL/);
    expect(said[3]).toMatch(/it is not a sentinel: give the addresses of the sentinels/);
    expect(said[4]).toMatch(/its memory is full: raise maxmemory/);
  }, 60_000);

  it('when the sentinels do not know the master, want a password, refuse it, or are away', async () => {
    const master = await startRedisNode(['save ""']);
    const monitor = `sentinel monitor main 127.0.0.1 ${master.port} 1`;
    const open = await startRedisNode([monitor], ['--sentinel']);
    const closed = await startRedisNode([monitor, `requirepass ${PASSWORD}`], ['--sentinel']);
    for (const node of [master, open, closed]) await command(node, 'PING');
    const said = await Promise.all([
      refusalOf(`redis+sentinel://${open.address}/another`),
      refusalOf(`redis+sentinel://${closed.address}/main`),
      refusalOf(`redis+sentinel://${closed.address}/main?sentinelPassword=wrong`),
      refusalOf('redis+sentinel://127.0.0.1:1,127.0.0.1:2/main'),
    ]);
    expect(said[0]).toMatch(/the sentinels know no master of this name: correct the name/);
    expect(said[1]).toMatch(/the sentinels want a password: add \?sentinelPassword=…/);
    expect(said[2]).toMatch(/the sentinels refuse the user or the password/);
    expect(said[3]).toMatch(/no sentinel can be reached: start them, or correct REDIS_URL/);

    const platform = await startPlatform();
    const redisUrl = `redis+sentinel://${closed.address}/main/1?sentinelPassword=${PASSWORD}`;
    const server = spawnServer({ platform: platform.url, redisUrl });
    await readToken(await server.ready);
    expect(await command(master, '-n', '1', 'KEYS', `*${APP.appId}*data`)).not.toBe('');
  }, 60_000);

  it('when its certificate is signed by a private authority, which can be named', async () => {
    const { key, certificate } = makeSelfSigned();
    const tls = [
      `tls-cert-file ${certificate}`,
      `tls-key-file ${key}`,
      `tls-ca-cert-file ${certificate}`,
      'tls-auth-clients no',
    ];
    const node = await startRedisNode(['save ""', ...tls], [], 'tls-port');
    const cluster = await startRedisNode(
      [
        'save ""',
        'cluster-enabled yes',
        'tls-cluster yes',
        'cluster-announce-hostname localhost',
        'cluster-preferred-endpoint-type hostname',
        ...tls,
      ],
      [],
      'tls-port',
    );
    const master = await startRedisNode(['save ""', ...tls], [], 'tls-port');
    const sentinel = await startRedisNode(
      [
        'sentinel resolve-hostnames yes',
        'sentinel announce-hostnames yes',
        'tls-replication yes',
        `sentinel monitor main localhost ${master.port} 1`,
        ...tls,
      ],
      ['--sentinel'],
      'tls-port',
    );
    const overTls = (port: number, ...args: string[]) =>
      redisCli(['-h', 'localhost', '-p', String(port), '--tls', '--cacert', `${certificate}`], ...args);
    await overTls(cluster.port, 'CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await eventually('the cluster', async () =>
      (await overTls(cluster.port, 'CLUSTER', 'INFO')).includes('state:ok'),
    );
    await overTls(node.port, 'PING');
    expect(await refusalOf(`rediss://localhost:${node.port}`)).toMatch(
      /its certificate is signed by an authority that Node.js does not know: name the file .* in NODE_EXTRA_CA_CERTS/,
    );
    const platform = await startPlatform();
    for (const redisUrl of [
      `rediss://localhost:${node.port}`,
      `rediss+cluster://localhost:${cluster.port}`,
      `rediss+sentinel://localhost:${sentinel.port}/main`,
    ]) {
      const environment = { NODE_EXTRA_CA_CERTS: `${certificate}` };
      const server = spawnServer({ platform: platform.url, redisUrl, environment });
      await readToken(await server.ready);
      server.kill('SIGTERM');
      expect(await server.ended).toBe(0);
    }
  }, 90_000);
});

describe('the user that the documentation advises', () => {
  it('has every right that the server needs: to read, to refresh, to report, to plan, to keep the history', async () => {
    const [node, platform] = await Promise.all([startRedisNode(['save ""']), startPlatform()]);
    await command(node, ...documentedUser());
    const redisUrl = `redis://zhongkong:${PASSWORD}@${node.address}`;
    const environment = { LOG_LEVEL: 'debug' };
    const server = spawnServer({ platform: platform.url, redisUrl, environment });
    const url = await server.ready;
    const { version } = await readToken(url);
    platform.control.revoke({ appId: APP.appId });
    expect(await reportToken(url, { staleVersion: version })).toMatchObject({ refreshed: true });
    await eventually('the history', async () => (await command(node, 'KEYS', '*refreshes')) !== '');
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(server.output()).not.toMatch(/NOPERM|permission|"level":"(warn|error)"/);
  });
});

describe('a server that is starting', () => {
  it('ends on SIGTERM while it waits for Redis', async () => {
    const silent = await startRedisNode(['save ""']);
    await command(silent, 'PING');
    silent.signal('SIGSTOP');
    const server = spawnServer({ platform: NOBODY, redisUrl: `redis://${silent.address}` });
    await eventually('the connection', () =>
      execFileSync('ss', ['-tn', 'dst', silent.address], { encoding: 'utf8' }).includes('ESTAB'),
    );
    server.kill('SIGTERM');
    expect([0, 1]).toContain(await server.ended);
    silent.signal('SIGCONT');
  });

  it('says what to do when it may open too few files', async () => {
    const script = `ulimit -n 96; exec '${process.execPath}' '${COMMAND}' serve`;
    const failure = await run('sh', ['-c', script]).then(
      () => undefined,
      (error: { code: number; stderr: string }) => error,
    );
    expect([failure?.code, failure?.stderr]).toEqual([
      1,
      expect.stringMatching(/^zhongkong: This process may open 96 files only, .* ulimit -n 4096, .*\n$/),
    ]);
  });
});
