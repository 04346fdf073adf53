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
  /** Resolves when it has ended, whyever. */
  readonly ended: Promise<void>;
  /** Asks it to end, and makes it end if it does not. */
  stop(): Promise<void>;
  /** Ends it without waiting; for the last moment of this process. */
  kill(): void;
}

/** Starts a `redis-server` and waits until it answers. @throws StartError with its last words */
export async function startRedisChild(options: RedisChildOptions): Promise<RedisChild> {
  // A process group of its own: Ctrl-C on the terminal is for the server, which stops this child when it is done.
  const [command, ...args] = endingWithThisProcess([options.command, ...redisArguments(options)]);
  // Of the environment it needs to know nothing else, least of all the secrets that it may hold.
  const env = { PATH: options.searchPath };
  const child = spawn(command, args, { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lastWords = keepLastWords(child);
  let over = false;
  const end = () => {
    over = true;
  };
  const ended = once(child, 'exit').then(end, end);
  if (!(await answers(options.socket, () => over))) {
    child.kill('SIGKILL');
    throw new StartError(`The embedded redis-server did not start; its last words: ${lastWords() || 'none'}`);
  }
  return {
    ended,
    kill: () => void child.kill('SIGTERM'),
    async stop() {
      child.kill('SIGTERM');
      const deadline = sleep(STOP_WITHIN_MS, 'late', { ref: false });
      if ((await Promise.race([ended, deadline])) === 'late') child.kill('SIGKILL');
      await ended;
    },
  };
}

type CommandLine = [command: string, ...args: string[]];

/**
 * The same command, told by the kernel to end when this process does, even by SIGKILL. Where that cannot be had
 * (outside Linux), what a killed server leaves behind is ended by the next one in the same folder.
 */
function endingWithThisProcess(commandLine: CommandLine): CommandLine {
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

/** Whether the server on the socket answers; false when it is over, or takes too long. */
async function answers(socket: string, over: () => boolean): Promise<boolean> {
  const giveUpAt = performance.now() + READY_WITHIN_MS;
  while (!over() && performance.now() < giveUpAt) {
    if (await isRedisUp(socket)) return true;
    await sleep(POLL_MS);
  }
  return false;
}

function keepLastWords(child: ChildProcess): () => string {
  let words = '';
  const hear = (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  child.on('error', (error) => hear(Buffer.from(error.message)));
  return () => words.trim().replace(/\s*\n\s*/g, ' | ');
}
