import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../../start-error.js';
import { isRedisUp } from './ask-socket.js';

const READY_WITHIN_MS = 30_000;
const POLL_MS = 10;
const STOP_WITHIN_MS = 5_000;
const OUTPUT_CHARACTERS_MAX = 2_000;

export interface RedisChildOptions {
  /** The binary. */
  readonly command: string;
  /** Where programs are looked for, as in the environment's PATH. */
  readonly searchPath: string;
  /** Where its append-only file lies. */
  readonly folder: string;
  readonly socket: string;
}

/** A running `redis-server` that listens on a unix socket only. */
export interface RedisChild {
  /** Resolves when the process has exited, for any reason. */
  readonly ended: Promise<void>;
  /** Sends SIGTERM, and SIGKILL if it still runs after five seconds. */
  stop(): Promise<void>;
}

/** Starts a `redis-server` and waits until it answers. @throws StartError with the last lines that it printed */
export async function startRedisChild(options: RedisChildOptions): Promise<RedisChild> {
  // A process group of its own: Ctrl-C on the terminal reaches only the server, which stops this child at its end.
  const [command, ...args] = endWithThisProcess([options.command, ...redisArguments(options)]);
  // It gets nothing else of the environment, which may hold secrets.
  const env = { PATH: options.searchPath };
  const child = spawn(command, args, { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lastOutput = keepLastOutput(child);
  let hasExited = false;
  const end = () => {
    hasExited = true;
  };
  const ended = once(child, 'exit').then(end, end);
  // Where the kernel does not do this, or is late.
  const killWithThisProcess = () => void child.kill('SIGTERM');
  process.on('exit', killWithThisProcess);
  void ended.then(() => process.off('exit', killWithThisProcess));
  if (!(await answers(options.socket, () => hasExited))) {
    child.kill('SIGKILL');
    throw new StartError(explainOutput(lastOutput(), options.folder));
  }
  return {
    ended,
    async stop() {
      child.kill('SIGTERM');
      const deadline = sleep(STOP_WITHIN_MS, 'late', { ref: false });
      if ((await Promise.race([ended, deadline])) === 'late') child.kill('SIGKILL');
      await ended;
    },
  };
}

const UNREADABLE = /the append only file|AOF file|manifest|Wrong signature/i;

/** Why a Redis did not start, from what it has printed, and what to do. */
export function explainOutput(output: string, folder: string): string {
  if (/No space left/.test(output))
    return `The embedded Redis cannot start, since the disk of ${folder} is full: free space on it.`;
  if (UNREADABLE.test(output))
    return `The embedded Redis cannot read its append-only file: copy ${folder} to a safe place, then run redis-check-aof --fix ${folder}/appendonlydir/appendonly.aof.manifest; or remove ${folder} to begin anew, so that tokens are fetched again.`;
  return `The embedded redis-server did not start; it printed at last: ${output.split(' | ').at(-1) || 'nothing'}.`;
}

type CommandLine = [command: string, ...args: string[]];

/**
 * Wraps a command so that the kernel ends it together with this process, also after SIGKILL. Where that is not
 * available (outside Linux), the next server in the folder stops a Redis that was left behind.
 */
function endWithThisProcess(commandLine: CommandLine): CommandLine {
  const wrapper: CommandLine = ['setpriv', '--pdeathsig', 'TERM'];
  const [command, ...args] = [...wrapper, 'true'] as CommandLine;
  return spawnSync(command, args).status === 0 ? [...wrapper, ...commandLine] : commandLine;
}

function redisArguments({ folder, socket }: RedisChildOptions): string[] {
  return [
    ['--port', '0'],
    ['--unixsocket', socket, '--unixsocketperm', '700'],
    ['--dir', folder, '--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
    ['--maxmemory-policy', 'noeviction'],
    ['--daemonize', 'no', '--loglevel', 'warning', '--logfile', ''],
  ].flat();
}

/** Whether Redis answers on the socket; false when it has exited, or does not answer within half a minute. */
async function answers(socket: string, hasExited: () => boolean): Promise<boolean> {
  const giveUpAt = performance.now() + READY_WITHIN_MS;
  while (!hasExited() && performance.now() < giveUpAt) {
    if (await isRedisUp(socket)) return true;
    await sleep(POLL_MS);
  }
  return false;
}

function keepLastOutput(child: ChildProcess): () => string {
  let output = '';
  const append = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX);
  };
  child.stdout?.on('data', append);
  child.stderr?.on('data', append);
  child.on('error', (error) => append(Buffer.from(error.message)));
  return () => output.trim().replace(/\s*\n\s*/g, ' | ');
}
