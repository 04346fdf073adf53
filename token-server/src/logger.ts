import { write } from 'node:fs';
import pino, { type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { createLogWriter, type LogWriter } from './log-writer.js';

export type { Logger };

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const STDOUT = 1;
const STDERR = 2;

export interface Log {
  readonly log: Logger;
  /** Takes other texts too, so that they stand in order between the log lines. */
  readonly writer: LogWriter;
}

/** The log of the process: one JSON object a line on standard output; on a terminal coloured text. */
export function openLog(level: LogLevel, isTerminal: boolean): Log {
  const writer = createLogWriter({
    fd: STDOUT,
    onFailing: (code) => {
      const line = `zhongkong: the log cannot be written to standard output (${code}); the server goes on, and lines may get lost\n`;
      write(STDERR, line, () => {});
    },
    onRecovered: (droppedLines) => {
      log.warn({ droppedLines }, 'the log could not be written for a while, and lines were dropped');
    },
  });
  const toText = isTerminal
    ? prettyFactory({ colorize: true, translateTime: 'SYS:HH:MM:ss', singleLine: true })
    : (line: string) => line;
  const log = createLogger(level, (line) => writer.write(toText(line)));
  return { log, writer };
}

/** @param writeLine gets each line: one JSON object and a newline */
export function createLogger(level: LogLevel, writeLine: (line: string) => void): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
  };
  return pino(options, { write: writeLine });
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
