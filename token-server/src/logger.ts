import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config/config.js';

export type { Logger };

/** One JSON object a line on standard output; coloured and readable when that is a terminal. */
export function createLogger(level: Config['logLevel'], isTerminal: boolean): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
  };
  return isTerminal
    ? pino(options, pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', singleLine: true }))
    : pino(options);
}

/**
 * An error as it is logged: name, code, words and stack, and nothing else that a library has hung on it, such as
 * the arguments of a Redis command or the options of a request.
 */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: withoutQueries(String(error)) };
  const { name, message, stack } = error;
  const code = 'code' in error ? error.code : undefined;
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  return { name, code, message: withoutQueries(message), stack: withoutQueries(stack ?? ''), cause };
}

/** URLs without what may be secret in them: the user part and the query. */
function withoutQueries(text: string): string {
  return text.replace(/(\w+:\/\/)[^\s/@]*@/g, '$1').replace(/(\w+:\/\/[^\s?#]*)\?[^\s]*/g, '$1');
}
