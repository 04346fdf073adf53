import type { Command } from 'commander';
import type { ResealAnswer } from '../api-types.js';
import { CliError } from '../cli-error.js';
import type { Io } from '../io.js';
import { connect } from '../lazy-connect.js';

const HELP = `
Everything that is sealed under an older master key is sealed anew under the first one of ZHONGKONG_MASTER_KEY.
Before: give every server both keys, ZHONGKONG_MASTER_KEY=new,old, and start them anew one after the other.
After: take the old key out of the variable.

Examples:
  $ zhongkong master-key rotate`;

/** A hundred thousand apps take their time. */
const TIMEOUT_MS = 15 * 60_000;

export function registerMasterKey(program: Command, io: Io): void {
  const masterKey = program.command('master-key').description('change over to another master key');
  masterKey
    .command('rotate')
    .description('seal everything anew under the newest master key')
    .addHelpText('after', HELP)
    .action((_options: object, command: Command) => rotateMasterKey(io, command));
}

async function rotateMasterKey(io: Io, command: Command): Promise<void> {
  const { api, out } = await connect(command, io);
  const { body, text } = await api.call<ResealAnswer>('POST', '/v1/master-key/rotate', {
    timeoutMs: TIMEOUT_MS,
  });
  const { resealed, alreadyNew, unreadable } = body;
  if (out.json) out.document(text);
  else out.line(`${resealed} values were sealed anew, ${alreadyNew} had the newest key already.`);
  if (unreadable > 0)
    throw new CliError(
      `${unreadable} values are sealed under a key that the server does not have: add that key to ZHONGKONG_MASTER_KEY on every server and run this again; zhongkong doctor names them.`,
    );
  if (!out.json)
    out.note('The old key is not needed any more: take it out of ZHONGKONG_MASTER_KEY on every server.');
}
