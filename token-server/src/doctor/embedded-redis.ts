import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findRedisServer } from '../redis/embedded/find-redis-server.js';
import { isTooOld } from '../redis/probe.js';
import { type Finding, finding } from './finding.js';

const run = promisify(execFile);
const TIMEOUT_MS = 3_000;

/** The `redis-server` that the server will start; while no server runs, there is no other Redis to look at. */
export async function embeddedFindings(searchPath: string): Promise<Finding[]> {
  const command = find(searchPath);
  if (command === undefined)
    return [
      finding('redis-reachable', {
        level: 'bad',
        what: { en: 'There is no redis-server on the PATH.', zh: 'PATH 中没有 redis-server。' },
        todo: {
          en: 'Install it (apt-get install redis-server, apk add redis, dnf install redis, brew install redis), or set REDIS_URL to a running Redis.',
          zh: '请安装（apt-get install redis-server、apk add redis、dnf install redis、brew install redis），或在 REDIS_URL 中填写运行中的 Redis。',
        },
      }),
    ];
  const well = finding('redis-reachable', {
    level: 'ok',
    what: { en: `${command} starts with the server`, zh: `${command} 会随服务器启动` },
  });
  return [well, versionFinding(await versionOf(command))];
}

/** @param version null: it does not say which */
export function versionFinding(version: string | null): Finding {
  if (version === null)
    return finding('redis-version', {
      level: 'bad',
      what: { en: 'redis-server does not run.', zh: 'redis-server 无法运行。' },
      todo: { en: 'Install it again.', zh: '请重新安装。' },
    });
  const text = { en: `Redis ${version}`, zh: `Redis ${version}` };
  return finding('redis-version', { level: isTooOld(version) ? 'bad' : 'ok', what: text });
}

async function versionOf(command: string): Promise<string | null> {
  try {
    const { stdout } = await run(command, ['--version'], { timeout: TIMEOUT_MS });
    return /v=(\d[\d.]*)/.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}

function find(searchPath: string): string | undefined {
  try {
    return findRedisServer(searchPath);
  } catch {
    return undefined;
  }
}
