import type { Command } from 'commander';
import type { Connection } from './connect/connect.js';
import type { Io } from './io.js';

/** What talks to a server is loaded only when a command does: help and completion do without it. */
export async function connect(command: Command, io: Io): Promise<Connection> {
  return (await import('./connect/connect.js')).connect(command, io);
}
