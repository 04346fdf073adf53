import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { StartError } from '../start-error.js';

const STOP_WITHIN_MS = 5_000;

export interface SandboxProcessOptions {
  readonly appId: string;
  readonly secret: string;
  /** Taken when it is free. */
  readonly preferredPort: number;
  /** Keeps the platform's tokens over restarts. */
  readonly stateFile: string;
}

/** The WeChat sandbox as a process of its own, as users would start it. */
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
  // A process group of its own: Ctrl-C on the terminal is for the server, which needs its platform while it drains.
  // It needs nothing of the environment, least of all the secrets that it may hold.
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
