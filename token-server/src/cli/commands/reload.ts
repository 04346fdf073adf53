import type { Command } from 'commander';
import type { ReloadAnswer } from '../api-types.js';
import type { Io } from '../io.js';
import { connect } from '../lazy-connect.js';

const HELP = `
The server reads its configuration file and the secrets of its environment again, as on SIGHUP. If anything in them is
wrong, that is said and nothing changes. What only a start can change is listed.

Examples:
  $ zhongkong reload
  $ zhongkong reload --url https://tokens.example.com`;

export function registerReload(program: Command, io: Io): void {
  program
    .command('reload')
    .description('have the server read its configuration again')
    .addHelpText('after', HELP)
    .action((_options: object, command: Command) => reload(io, command));
}

async function reload(io: Io, command: Command): Promise<void> {
  const { api, out } = await connect(command, io);
  const { body, text } = await api.call<ReloadAnswer>('POST', '/v1/reload');
  if (out.json) return out.document(text);
  for (const line of describeReload(body)) out.line(line);
  if (body.restartNeeded.length > 0)
    out.note(
      `These were changed too, and only a start of the server takes them: ${body.restartNeeded.join(', ')}.`,
    );
}

/** What a reload changed, one line each. */
export function describeReload({ apps, clients, logLevel }: ReloadAnswer): string[] {
  const lines = Object.entries({ apps, clients }).flatMap(([what, { added, changed, removed }]) =>
    Object.entries({ added, changed, removed })
      .filter(([, names]) => names.length > 0)
      .map(([how, names]) => `${what} ${how}: ${names.join(', ')}`),
  );
  if (logLevel !== undefined) lines.push(`log level: ${logLevel}`);
  return lines.length === 0 ? ['The configuration was read again; nothing in it has changed.'] : lines;
}
