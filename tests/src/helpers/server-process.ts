import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { cleanUp } from './clean-up.js';
import { eventually } from './eventually.js';
import { childrenOf, isRunning } from './processes.js';
import { serverEnvironment, type TestServerOptions } from './test-server.js';

/** What `npm test` has made one file of, so that each start is quick; else the command as users have it. */
export const COMMAND =
  process.env.ZHONGKONG_TEST_SERVER ??
  fileURLToPath(new URL('../../../token-server/bin/zhongkong.js', import.meta.url));
const READY_WITHIN_MS = 20_000;

/** `zhongkong` as a real process; killed after the test if it still runs. */
export interface ServerProcess {
  readonly pid: number;
  /** Where it listens, as it says on the descriptor of ZHONGKONG_READY_FD. */
  readonly ready: Promise<string>;
  /** Resolves to the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Everything that it has printed so far, on both streams. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
}

export function spawnServer(options: TestServerOptions): ServerProcess {
  return spawnZhongkong(['serve'], { ...serverEnvironment(options), ZHONGKONG_READY_FD: '3' });
}

export function spawnZhongkong(
  args: string[],
  environment: Record<string, string>,
  cwd?: string,
): ServerProcess {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let output = '';
  const hear = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  const children = new Set<number>();
  function kill(signal: NodeJS.Signals): void {
    // Who is killed cannot wait for its children; so that nobody writes into a folder that is being removed, we do.
    if (signal === 'SIGKILL') for (const pid of childrenOf(child.pid ?? 0)) children.add(pid);
    child.kill(signal);
  }
  const ready = readyUrl(child, ended, () => output);
  // Who starts a server that is to fail does not wait for this.
  ready.catch(() => {});
  cleanUp(async () => {
    kill('SIGKILL');
    await ended;
    await eventually('the end of its children', () => ![...children].some(isRunning));
  });
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    output: () => output,
    kill,
  };
}

async function readyUrl(child: ChildProcess, ended: Promise<unknown>, output: () => string): Promise<string> {
  const descriptor = child.stdio[3] as Readable;
  const over = ended.then(() => {
    throw new Error(`the server ended before it was ready:\n${output()}`);
  });
  over.catch(() => {});
  const signal = AbortSignal.timeout(READY_WITHIN_MS);
  const [chunk] = (await Promise.race([once(descriptor, 'data', { signal }), over])) as [Buffer];
  return (JSON.parse(chunk.toString()) as { url: string }).url;
}
