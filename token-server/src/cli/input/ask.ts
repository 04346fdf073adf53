import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { badUsage, CliError, EXIT } from '../cli-error.js';
import type { Io } from '../io.js';

/**
 * Asks on the terminal, by way of stderr.
 * @param silent what is typed is not shown
 * @throws CliError when the user ends it with Ctrl-C or Ctrl-D
 */
function ask({ stdin, stderr }: Io, question: string, silent: boolean): Promise<string> {
  // Readline echoes what is typed; what it writes here is seen by nobody.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent ? nowhere : stderr, terminal: true });
  // Only now: the terminal itself shows what is typed before readline has taken it over.
  stderr.write(question);
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new CliError('Nothing was changed.', { exitCode: EXIT.interrupted }));
    lines.once('line', resolve);
    lines.once('close', cancel);
    lines.once('SIGINT', cancel);
  }).finally(() => {
    lines.close();
    if (silent) stderr.write('\n');
  }) as Promise<string>;
}

/**
 * Has the user confirm what cannot be undone. Without a terminal there is nobody to ask.
 * @throws CliError unless the answer is yes
 */
export async function confirm(io: Io, yes: boolean | undefined, question: string): Promise<void> {
  if (yes === true) return;
  if (io.stdin.isTTY !== true)
    throw badUsage(`${question} Without a terminal, this needs --yes. Nothing was changed.`);
  const answer = await ask(io, `${question} [y/N] `, false);
  if (!/^\s*y(es)?\s*$/i.test(answer)) throw new CliError('Nothing was changed.');
}

/** Asks for a secret, which is not shown. @throws CliError when it is cancelled */
export function askSecret(io: Io, question: string): Promise<string> {
  return ask(io, question, true);
}
