import type { Command } from 'commander';
import type { Io } from '../io.js';

const HELP = `
One screen: the server, its Redis, the apps by phase, those in trouble and what to do, budgets that are nearly used up,
keys that end soon, and the other servers. It fails when the server is not ready. For what is wrong underneath:
zhongkong doctor.

Examples:
  $ zhongkong status
  $ zhongkong status --json | jq .apps.byPhase`;

export function registerStatus(program: Command, io: Io): void {
  program
    .command('status')
    .description('show on one screen how everything is')
    .addHelpText('after', HELP)
    .action(async (_options: object, command: Command) =>
      (await import('./status-actions.js')).showStatus(io, command),
    );
}
