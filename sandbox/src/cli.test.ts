import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { operations } from './control/run-operation.js';
import { faultSchema } from './faults/fault.js';
import { DEMO_APP } from './platform/app-config.js';
import { lifetimesSchema, limitsSchema } from './platform/settings.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = fileURLToPath(new URL('../bin/zhongkong-sandbox.js', import.meta.url));
const children: ChildProcess[] = [];

beforeAll(async () => {
  const [code] = await once(
    spawn(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'sandbox'], { cwd: root }),
    'close',
  );
  expect(code).toBe(0);
}, 120_000);

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(args: string[]) {
  const child = spawn(process.execPath, [bin, ...args]);
  children.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
  const url = new Promise<string>((resolve) => {
    child.stdout.on('data', () => {
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(stdout) ?? [];
      if (found && stdout.endsWith('\n')) resolve(found);
    });
  });
  return { child, ended, url };
}

describe('zhongkong-sandbox', () => {
  it('prints where it listens and lines to copy that work, and ends with 0 on SIGTERM and SIGINT', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { child, ended, url } = run(['--port', '0']);
      const control = `${await url}/_sandbox/counters`;
      expect((await fetch(control)).status).toBe(200);
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain(`curl ${await url}/_sandbox/advance-clock -d '{"seconds":7200}'`);
      expect(stdout).toContain(`appid=${DEMO_APP.appId}&secret=${DEMO_APP.secret}`);
    }
  });

  it('prints one line of JSON with --json', async () => {
    const { child, ended, url } = run(['--port', '0', '--json']);
    const found = await url;
    child.kill();
    expect((await ended).stdout).toBe(`${JSON.stringify({ url: found })}\n`);
  });

  it('takes apps and lifetimes, and prints no secret that was given', async () => {
    const { child, ended, url } = run([
      '--port=0',
      '--app',
      'wx1:s3cret:1',
      '--app',
      'wx2:s3cret',
      '--token-seconds',
      '60',
      '--overlap-seconds',
      '0',
    ]);
    const token = async (appid: string, secret: string) => {
      const query = new URLSearchParams({ grant_type: 'client_credential', appid, secret });
      return (await fetch(`${await url}/cgi-bin/token?${query}`)).json();
    };
    expect(await token('wx1', 's3cret:1')).toMatchObject({ expires_in: 60 });
    expect(await token('wx2', 's3cret')).toMatchObject({ expires_in: 60 });
    expect(await token(DEMO_APP.appId, DEMO_APP.secret)).toMatchObject({ errcode: 40013 });
    child.kill();
    expect((await ended).stdout).not.toContain('s3cret');
  });

  it('ends with 1 and one sentence that says what to do when the port is taken', async () => {
    const port = new URL(await run(['--port', '0']).url).port;
    const { code, stderr } = await run(['--port', port]).ended;
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Port ${port} of 127.0.0.1 is taken: stop what listens there, or choose another with --port (0 takes a free one).\n`,
    );
  });

  it.each([
    [['--port', 'x']],
    [['--port', '70000']],
    [['--app', 'wx1']],
    [['--token-seconds', '-1']],
    [['--token-seconds', '0']],
    [['--no-such-option']],
  ])('ends with 2 and says why on bad usage: %j', async (args) => {
    const { code, stdout, stderr } = await run(args).ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/\S/);
  });

  it('shows examples with --help and ends with 0', async () => {
    const { code, stdout } = await run(['--help']).ended;
    expect(code).toBe(0);
    expect(stdout).toContain('Examples:');
  });

  it('tells its parent where it listens, and does not outlive one that was killed', async () => {
    const script = `const { fork } = require('node:child_process');
      fork(process.argv[1], ['--port', '0', '--json'], { silent: true }).on('message', ({ url }) => console.log(url));`;
    const parent = spawn(process.execPath, ['-e', script, bin]);
    children.push(parent);
    const [line] = await once(parent.stdout, 'data');
    const url = String(line).trim();
    expect((await fetch(`${url}/_sandbox`)).status).toBe(200);
    parent.kill('SIGKILL');
    while (await isUp(url)) await new Promise(setImmediate);
  });
});

describe('README.md', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

  it('has an example that runs', async () => {
    const [, example] = /```ts\n(.*?)```/s.exec(readme) ?? [];
    const child = spawn(process.execPath, ['--input-type=module', '-e', example ?? 'throw 0'], { cwd: root });
    children.push(child);
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it('names every operation, every limit, every lifetime and every kind of fault', () => {
    const names = [
      ...Object.keys(operations),
      ...Object.keys(limitsSchema.shape),
      ...Object.keys(lifetimesSchema.shape),
      ...faultSchema.options.map(({ shape }) => shape.kind.value),
    ];
    for (const name of names) expect(readme).toContain(`\`${name}\``);
  });
});

function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/_sandbox`).then(
    () => true,
    () => false,
  );
}
