import type { Command } from 'commander';
import type { RotationAnswer } from '../api-types.js';
import type { Io } from '../io.js';
import { connect } from '../lazy-connect.js';

const HELP = `
Everything in Redis is sealed anew under the first key of ZHONGKONG_MASTER_KEY, while the servers work.
Before: give every server both keys, ZHONGKONG_MASTER_KEY=NEW,OLD, and restart them one after another.
After: give every server the new key alone. A server with its own Redis makes the new key itself, without all this.
What was interrupted may be repeated. See docs/operations.md.

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
  const { body, text } = await api.call<RotationAnswer>('POST', '/v1/master-key/rotate', {
    timeoutMs: TIMEOUT_MS,
  });
  const { resealed, alreadyNew, unreadable } = body;
  if (out.json) return out.document(text);
  out.line(`${resealed} values were sealed anew, ${alreadyNew} had the new key already.`);
  if (unreadable > 0)
    out.note(
      `${unreadable} values are sealed under a key that the server does not have, and were left as they are: see docs/operations.md.`,
    );
  out.note(
    'The old key opens backups only now: take it out of ZHONGKONG_MASTER_KEY where you have put it in.',
  );
}
