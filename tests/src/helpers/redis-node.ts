import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp } from './clean-up.js';
import { freePort } from './free-port.js';
import { tempFolder } from './temp-folder.js';

/** One process of a larger Redis, on a port of its own; killed after the test. */
export interface RedisNode {
  readonly port: number;
  readonly address: string;
  kill(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

/**
 * @param settings lines of its configuration; `--sentinel` among the flags makes it a sentinel
 * @param portSetting `tls-port` makes it listen with TLS only
 */
export async function startRedisNode(
  settings: string[],
  flags: string[] = [],
  portSetting: 'port' | 'tls-port' = 'port',
): Promise<RedisNode> {
  const port = await freePort();
  const folder = tempFolder();
  const file = join(folder, 'redis.conf');
  writeFileSync(
    file,
    ['port 0', `${portSetting} ${port}`, `dir ${folder}`, 'loglevel warning', ...settings].join('\n'),
  );
  const child = spawn('redis-server', [file, ...flags], { stdio: 'ignore' });
  const node = {
    port,
    address: `127.0.0.1:${port}`,
    kill: () => end(child),
    signal: (name: NodeJS.Signals) => void child.kill(name),
  };
  cleanUp(node.kill);
  return node;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
