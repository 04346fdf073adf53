import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp } from './clean-up.js';
import { eventually } from './eventually.js';
import { readDoc } from './examples.js';
import { freePort } from './free-port.js';
import { makeSelfSigned } from './self-signed.js';
import { tempFolder } from './temp-folder.js';
import { findTool } from './tools.js';

/** The configuration file around ours, in a folder of the test's own. */
export function nginxConf(folder: string, include: string): string {
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    // Its workers would otherwise become a user that may not enter the folder.
    process.getuid?.() === 0 ? 'user root;' : '',
    `pid ${folder}/nginx.pid;`,
    'worker_processes 2;',
    'events { worker_connections 512; }',
    'http {',
    ...temps.map((name) => `${name}_temp_path ${folder}/${name};`),
    `include ${include};`,
    '}',
  ].join('\n');
}

/** nginx with the file of deploy/nginx; gone after the test. */
export interface Nginx {
  /** Without TLS, for clients that are the same on either. */
  readonly url: string;
  readonly tlsPort: number;
  readonly certificate: Buffer;
  /** What `nginx -t` says. */
  readonly verdict: string;
  accessLog(): string;
}

/** @param servers their URLs, in place of those in the file */
export async function startNginx(servers: readonly string[]): Promise<Nginx> {
  const program = findTool('nginx') ?? 'nginx';
  const [folder, port, tlsPort] = [tempFolder(), await freePort(), await freePort()];
  const { key, certificate } = makeSelfSigned();
  const [first = '', ...others] = servers.map((url) => new URL(url).host);
  const text = readDoc('deploy/nginx/zhongkong.conf')
    .replace(/^( +server) 10\.0\.0\.11:7200( .*)$/m, (_line, before, after) =>
      [first, ...others].map((host) => `${before} ${host}${after}`).join('\n'),
    )
    .replaceAll(/^ +server 10\.0\.0\.1\d:7200 .*\n/gm, '')
    .replace('listen 443 ssl;', `listen 127.0.0.1:${tlsPort} ssl; listen 127.0.0.1:${port};`)
    .replace('/etc/nginx/zhongkong.crt', certificate)
    .replace('/etc/nginx/zhongkong.key', key)
    .replaceAll('/var/log/nginx', folder);
  const [site, file] = [join(folder, 'site.conf'), join(folder, 'nginx.conf')];
  writeFileSync(site, text);
  writeFileSync(file, nginxConf(folder, site));
  const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', file];
  const { stderr: verdict } = spawnSync(program, ['-t', ...args], { encoding: 'utf8' });
  const child: ChildProcess = spawn(program, [...args, '-g', 'daemon off;'], { stdio: 'ignore' });
  cleanUp(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(`nginx: ${verdict}`, () =>
    fetch(url).then(
      () => true,
      () => false,
    ),
  );
  const accessLog = () => readFileSync(join(folder, 'zhongkong.log'), 'utf8');
  return { url, tlsPort, certificate: readFileSync(certificate), verdict, accessLog };
}
