import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cleanUp } from './clean-up.js';
import { eventually } from './eventually.js';
import { ROOT } from './examples.js';
import { nginxConf } from './nginx.js';
import { serve } from './serve.js';
import { COMMAND } from './server-process.js';
import { tempFolder } from './temp-folder.js';
import { findTool } from './tools.js';

const run = promisify(execFile);
/** Where nginx listens, which may not be allowed to take 443. */
export const ENTRY_PORT = 8443;
/** What needs another user or another machine, and changes nothing here. */
const NOTHING = ['adduser', 'chown', 'apt-get'];
const PASTED_WITHIN_MS = 40_000;

/**
 * A machine of docs/operations.md: an address on the loopback, a folder as its file system, and real processes that
 * `systemctl` starts as the units of Debian and ours do. All are gone after the test.
 */
export interface Machine {
  readonly address: string;
  /** Runs a block in a shell, and gives back what it has printed. */
  paste(block: string): Promise<string>;
}

/** Machines that reach each other by `scp`. @param environment added to that of the servers */
export async function startMachines(
  addresses: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Machine[]> {
  const folders = new Map(addresses.map((address) => [address, tempFolder()]));
  /** Paths of a machine are in its folder, and the program is this one. */
  const pathsOf = (folder: string) => (text: string) =>
    text
      .replace(/(?<!root@\S*:)(?<=^|[\s"'=<>:(]|=-)\/(etc|var|run|usr\/local\/bin)\//gm, `${folder}/$1/`)
      .replace(/(?<!root@\S*:)\/opt\/zhongkong/g, ROOT.replace(/\/$/, ''));
  const machines = [...folders].map(([address, folder]) =>
    startMachine(address, folder, pathsOf(folder), environment),
  );
  const remote = ([...folders] as const).map(
    ([address, folder]) => `-e 's#root@${address}:/opt/zhongkong#${ROOT}#;s#root@${address}:/#${folder}/#'`,
  );
  const scp = `for word; do set -- "$@" "$(printf %s "$word" | sed ${remote.join(' ')})"; shift; done; exec cp "$@"`;
  for (const folder of folders.values()) writeProgram(folder, 'scp', scp);
  return Promise.all(machines);
}

async function startMachine(
  address: string,
  folder: string,
  here: (text: string) => string,
  environment: Readonly<Record<string, string>>,
): Promise<Machine> {
  const folders = ['etc/redis', 'etc/systemd/system', 'etc/nginx/conf.d', 'var/lib/redis', 'var/log/nginx'];
  for (const name of [...folders, 'run', 'usr/local/bin']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of NOTHING) writeProgram(folder, name, ':');
  const nginx = findTool('nginx') ?? 'nginx';
  const nginxFile = join(folder, 'etc/nginx/nginx.conf');
  const pidFile = join(folder, 'nginx.pid');
  writeFileSync(nginxFile, nginxConf(folder, `${folder}/etc/nginx/conf.d/*.conf`));
  const nginxArgs = ['-p', folder, '-e', join(folder, 'error.log'), '-c', nginxFile];
  const itsFiles = `sed -i 's# /\\(etc\\|var\\)/# ${folder}/\\1/#' '${folder}'/etc/nginx/conf.d/*.conf`;
  writeProgram(
    folder,
    'nginx',
    `${itsFiles}\nexec '${nginx}' ${nginxArgs.map((arg) => `'${arg}'`).join(' ')} "$@"`,
  );

  const units = new Map<string, ReturnType<typeof spawn>>();
  function start(unit: string): void {
    if (units.has(unit)) return;
    const [command = '', args = [], env = {}, cwd = folder] = programOf(unit);
    const child = spawn(command, args, { cwd, stdio: 'ignore', env: { PATH: process.env.PATH, ...env } });
    units.set(unit, child);
  }
  async function stop(unit: string): Promise<void> {
    const child = units.get(unit);
    units.delete(unit);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    // Workers of nginx would outlive it.
    child.kill(unit === 'nginx' ? 'SIGTERM' : 'SIGKILL');
    await once(child, 'exit');
  }
  function programOf(unit: string): [string, string[], Record<string, string>?, string?] {
    if (unit === 'redis-server') return ['redis-server', [join(folder, 'etc/redis/redis.conf')]];
    if (unit === 'redis-sentinel')
      return ['redis-server', [join(folder, 'etc/redis/sentinel.conf'), '--sentinel']];
    if (unit === 'nginx') return [nginx, [...nginxArgs, '-g', 'daemon off;']];
    const text = here(readFileSync(join(folder, 'etc/systemd/system', `${unit}.service`), 'utf8'));
    const setting = (name: string) => new RegExp(`^${name}=-?(.*)$`, 'm').exec(text)?.[1] ?? '';
    const file = here(readFileSync(setting('EnvironmentFile'), 'utf8'));
    const variables = [...text.matchAll(/^Environment=(.*)$/gm)].map(([, line = '']) => line);
    const pairs = [...variables, ...file.trim().split('\n')].map((line) => /^(\w+)=(.*)$/.exec(line) ?? []);
    const env = Object.fromEntries(pairs.map(([, name, value]) => [name, value]));
    const [program = '', ...args] = setting('ExecStart').split(' ');
    const bundled = args.map((arg) => (arg.endsWith('bin/zhongkong.js') ? COMMAND : arg));
    return [program, bundled, { ...env, ...environment }, setting('WorkingDirectory')];
  }
  /** What `systemctl` was called with. */
  async function systemctl([verb = '', ...rest]: string[]): Promise<void> {
    const names = rest.filter((word) => !word.startsWith('--'));
    for (const unit of names) {
      if (verb === 'restart' || verb === 'stop') await stop(unit);
      if (['start', 'restart'].includes(verb) || rest.includes('--now')) start(unit);
      // It writes its id when it listens, and a signal before that ends it. systemd waits for the same.
      if (unit === 'nginx')
        await eventually(
          'the id of nginx',
          () => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '',
        );
      if (verb === 'reload') units.get(unit)?.kill('SIGHUP');
    }
  }
  cleanUp(async () => {
    for (const unit of [...units.keys()]) await stop(unit);
  });
  const url = await serve(async (request, response) => {
    let words = '';
    for await (const chunk of request) words += chunk;
    const error = await systemctl(words.split(' ')).catch(String);
    response.writeHead(error === undefined ? 200 : 500).end(error ?? '');
  });
  writeProgram(folder, 'systemctl', `exec curl -fsS -d "$*" ${url}`);

  return {
    address,
    async paste(block) {
      const env = { PATH: `${folder}/usr/local/bin:${process.env.PATH}`, HOME: folder };
      const { stdout } = await run('sh', ['-euc', here(block)], {
        cwd: folder,
        env,
        timeout: PASTED_WITHIN_MS,
      });
      return stdout;
    },
  };
}

function writeProgram(folder: string, name: string, script: string): void {
  const bin = join(folder, 'usr/local/bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}
