import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { StartError } from '../start-error.js';

const STOP_WITHIN_MS = 5_000;

export interface SandboxProcessOptions {
  readonly appId: string;
  readonly secret: string;
  /** Used when it is free; any other port otherwise. */
  readonly preferredPort: number;
  /** Keeps the sandbox's tokens over restarts. */
  readonly stateFile: string;
}

/** The WeChat sandbox in a process of its own, started as users start it. */
export interface SandboxProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws StartError */
export async function startSandboxProcess(options: SandboxProcessOptions): Promise<SandboxProcess> {
  const started = (await tryPort(options, options.preferredPort)) ?? (await tryPort(options, 0));
  if (started === null)
    throw new StartError('The WeChat sandbox did not start; run npm run build, then try again.');
  return started;
}

async function tryPort(options: SandboxProcessOptions, port: number): Promise<SandboxProcess | null> {
  const { appId, secret, stateFile } = options;
  const command = fileURLToPath(import.meta.resolve('@zhongkong/sandbox/bin'));
  const args = ['--port', String(port), '--app', `${appId}:${secret}`, '--state', stateFile, '--json'];
  // A process group of its own: Ctrl-C on the terminal reaches only the server, which needs the sandbox until it has
  // stopped. It gets nothing of the environment, which may hold secrets.
  const child = fork(command, args, {
    detached: true,
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const url = await Promise.race([announcedUrl(child), once(child, 'exit').then(() => null)]);
  if (url === null) return null;
  return {
    url,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

async function announcedUrl(child: ChildProcess): Promise<string> {
  const [message] = await once(child, 'message');
  return (message as { url: string }).url;
}
