import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/set-up/root.mjs';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');
/** As users have it; `npm test` has made one file of it, which starts sooner. */
const COMMAND = process.env.ZHONGKONG_TEST_SERVER ?? join(root, 'token-server', 'bin', 'zhongkong.js');
const PROBE = join(root, 'bench', 'processes', 'probe.mjs');
const READY_WITHIN_MS = 300_000;
const STOP_WITHIN_MS = 30_000;

/** Key of the client that may do everything. */
export const API_KEY = 'the-key-of-the-benchmarks-0123456789abcdef';
export const APP_ID = 'wx0123456789abcdef';

/**
 * Starts processes, and ends all of them.
 * @param {{ profiles?: string, isSmoke?: boolean }} options `profiles`: a folder for CPU profiles of the servers; a smoke
 * lets no server end by itself, which takes a second
 */
export function createProcesses({ profiles, isSmoke = false } = {}) {
  const undo = [];
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const flags = ['--expose-gc', '--import', PROBE, ...profiling];
  const own = (child) => {
    // Nothing is left to save, except for a profile.
    undo.push(() => end(child, profiles === undefined ? 'SIGKILL' : 'SIGTERM'));
    return child;
  };
  return {
    /** A program of bench/processes, which says its port if it has one. */
    async start(name, args = [], hasPort = true) {
      const child = own(fork(join(root, 'bench', 'processes', `${name}.mjs`), args));
      const ask = asker(child);
      const { port } = hasPort ? (await once(child, 'message'))[0] : {};
      return { port, url: `http://127.0.0.1:${port}`, ask, pid: child.pid };
    },
    async startRedis() {
      const port = await freePort();
      const folder = mkdtempSync(join(tmpdir(), 'zhongkong-bench-redis-'));
      undo.push(() => rmSync(folder, { recursive: true, force: true }));
      const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
      const child = own(spawn('redis-server', args, { stdio: 'ignore' }));
      await eventually(() => execFileSync('redis-cli', ['-p', String(port), 'ping'], { stdio: 'pipe' }));
      return { url: `redis://127.0.0.1:${port}`, port, pid: child.pid };
    },
    /** @param {object} options `apps`, `clients`, `environment`; the platform's `url`; `redis`: from `startRedis` */
    async startServer({ platform, redis, apps = [app()], clients = [client()], environment = {} }) {
      const folder = mkdtempSync(join(tmpdir(), 'zhongkong-bench-'));
      undo.push(() => rmSync(folder, { recursive: true, force: true }));
      const file = join(folder, 'zhongkong.config.json');
      writeFileSync(file, JSON.stringify({ apps, clients }), { mode: 0o600 });
      const startedAt = performance.now();
      const child = own(
        spawn(process.execPath, [...flags, COMMAND, 'serve'], {
          env: {
            PATH: process.env.PATH ?? '',
            PORT: '0',
            DATA_DIR: folder,
            ZHONGKONG_CONFIG: file,
            ZHONGKONG_READY_FD: '3',
            ZHONGKONG_MASTER_KEY: MASTER_KEY,
            WECHAT_API_BASE_URL: platform,
            LOG_LEVEL: 'warn',
            ...(redis && { REDIS_URL: redis.url }),
            ...environment,
          },
          stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'ipc'],
        }),
      );
      const signal = AbortSignal.timeout(READY_WITHIN_MS);
      const [line] = await once(child.stdio[3], 'data', { signal });
      const listeningMs = performance.now() - startedAt;
      const { url } = JSON.parse(line);
      return {
        url,
        port: Number(new URL(url).port),
        pid: child.pid,
        ask: asker(child),
        startedAt,
        listeningMs,
        stop: () => end(child, isSmoke ? 'SIGKILL' : 'SIGTERM'),
        request: (path, options = {}) =>
          fetch(`${url}${path}`, {
            ...options,
            headers: {
              authorization: `Bearer ${API_KEY}`,
              'content-type': 'application/json',
              ...options.headers,
            },
          }),
      };
    },
    async stop() {
      for (const step of undo.splice(0).reverse()) await step();
    },
  };
}

/** @param {object} more what differs from an app in stable mode */
export function app(more = {}) {
  return { appId: APP_ID, secret: 'the-secret-of-the-first-app-0123', ...more };
}

export function client(more = {}) {
  const scopes = ['token:read', 'token:refresh', 'token:write', 'proxy', 'admin'];
  return { name: 'bench', key: API_KEY, apps: ['*'], scopes, ...more };
}

/** Waits until `work` returns something true. */
export async function eventually(work, withinMs = READY_WITHIN_MS, everyMs = 10) {
  const until = performance.now() + withinMs;
  for (;;) {
    try {
      const result = await work();
      if (result) return result;
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    if (performance.now() > until) throw new Error(`nothing came within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** The CPU time that a process has used, by the system. */
export function cpuMsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Questions to a child process over its channel. */
function asker(child) {
  let last = 0;
  const waiting = new Map();
  child.on('message', ({ id, result, error }) => {
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error !== undefined) reject?.(new Error(error));
    else resolve?.(result);
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('a process of the benchmark has ended'));
  });
  return (options = {}) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      child.send({ id: last, options });
    });
}

async function end(child, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(late);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
