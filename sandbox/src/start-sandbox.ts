import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Control, createControl } from './control/control.js';
import { createHttpApp } from './http/create-http-app.js';
import { parseOptions, type SandboxOptions } from './sandbox-options.js';
import { StateFile } from './state/state-file.js';
import { World } from './world.js';

/** Longer than HTTP clients keep an idle connection, so that none is closed under a request that is on its way. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Connections that wait while the process is busy. Node's own 511 is less than what a test with a thousand calls opens
 * at once; the kernel drops what comes beyond, and resets it when the client has begun to send.
 */
const BACKLOG = 4_096;

/** A running sandbox. */
export interface Sandbox {
  /** Where it listens: `http://127.0.0.1:7201`. Use it as the base URL of the platform. */
  readonly url: string;
  readonly control: Control;
  /** Closes the server and every open connection at once, and saves the state file. */
  stop(): Promise<void>;
}

/**
 * Starts a WeChat platform on a local port.
 * @throws {TypeError} for a wrong option; `EADDRINUSE` when the port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = parseOptions(options);
  const stateFile = settings.stateFile === undefined ? undefined : new StateFile(settings.stateFile);
  const world = new World(settings);
  if (stateFile) {
    await stateFile.load(world);
    world.onChange = () => stateFile.save(world);
  }
  const stopping = new AbortController();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, createHttpApp(world, stopping.signal));
  await listen(server, settings.port, settings.host);
  const stop = async () => {
    stopping.abort();
    await close(server);
    world.onChange = () => {};
    await stateFile?.flush(world);
  };
  let stopped: Promise<void> | undefined;
  return {
    url: urlOf(server),
    control: createControl(world),
    stop() {
      // Once only: a second save would overwrite the file of a sandbox that was started since.
      stopped ??= stop();
      return stopped;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
