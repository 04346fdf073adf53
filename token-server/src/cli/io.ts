import type { ReadStream, WriteStream } from 'node:tty';

/** What the commands have of their process. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly stdin: Pick<ReadStream, 'isTTY'> & NodeJS.ReadableStream;
  readonly stdout: Pick<WriteStream, 'isTTY' | 'columns'> & NodeJS.WritableStream;
  readonly stderr: Pick<WriteStream, 'isTTY' | 'columns'> & NodeJS.WritableStream;
}

export type Language = 'en' | 'zh';

/** The user's language, from the variables in which POSIX systems keep it. */
export function languageOf(environment: Io['environment']): Language {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return /^zh/i.test(locale) ? 'zh' : 'en';
}
