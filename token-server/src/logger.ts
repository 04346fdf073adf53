import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config/config.js';

export type { Logger };

/** One JSON object a line on standard output; on a terminal coloured text. */
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
 * What is logged of an error: name, code, message, stack and cause. Libraries attach more, such as the arguments of a
 * Redis command or the options of a request, in which secrets stand.
 */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: redactUrls(String(error)) };
  const { name, message, stack } = error;
  const code = 'code' in error ? error.code : undefined;
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  return { name, code, message: redactUrls(message), stack: redactUrls(stack ?? ''), cause };
}

/** Removes the user part and the query from URLs, since both may hold secrets. */
function redactUrls(text: string): string {
  return text.replace(/(\w+:\/\/)[^\s/@]*@/g, '$1').replace(/(\w+:\/\/[^\s?#]*)\?[^\s]*/g, '$1');
}
