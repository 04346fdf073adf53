import { readFileSync } from 'node:fs';
import { badUsage } from '../cli-error.js';
import type { Io } from '../io.js';
import { askSecret } from './ask.js';

const SECRET_MAX_BYTES = 4_096;

/**
 * The secret of an app: out of a file, from stdin, or asked for on a terminal. Never an argument: everybody on the
 * machine can see those.
 * @throws CliError when there is none
 */
export async function readSecret(io: Io, file: string | undefined, appId: string): Promise<string> {
  const fromTerminal = file === undefined && io.stdin.isTTY === true;
  const text = fromTerminal
    ? await askSecret(io, `AppSecret of ${appId} (not shown): `)
    : file === undefined || file === '-'
      ? await readAll(io.stdin)
      : readSecretFile(file);
  const secret = text.trim();
  if (secret !== '') return secret;
  throw badUsage(
    fromTerminal || file !== undefined
      ? 'The secret is empty. Nothing was changed.'
      : 'No secret came on stdin: give it there, or in a file with --secret-file, or run this on a terminal. Nothing was changed.',
  );
}

function readSecretFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw badUsage(`The file ${path} of --secret-file cannot be read (${code}). Nothing was changed.`);
  }
}

async function readAll(input: Io['stdin']): Promise<string> {
  let text = '';
  for await (const chunk of input) {
    text += String(chunk);
    if (text.length > SECRET_MAX_BYTES)
      throw badUsage(`What came on stdin is longer than ${SECRET_MAX_BYTES} bytes, so it is no secret.`);
  }
  return text;
}
