import { format } from 'node:util';
import { redactQueries } from '@zhongkong/shared';
import type { Logger } from './logger.js';

/** What our libraries print to the console, and what an operator can do about it; `$1` is what the text names. */
const ADVICE: readonly { readonly text: RegExp; readonly advice: string }[] = [
  {
    text: /Eviction policy is ([\w-]+)\./,
    advice:
      'Redis may delete tokens and planned refreshes when its memory is full (maxmemory-policy $1): set maxmemory-policy to noeviction',
  },
  {
    text: /recommended to use a minimum Redis version of (\S+)/,
    advice: 'this Redis is older than the queue library wants: update Redis to $1 or later',
  },
  {
    text: /Skipping the ready check because INFO command fails/,
    advice:
      'the Redis user may not run INFO, so a Redis that is still loading is not recognized: allow it with +info',
  },
  {
    text: /does not require a password, but a password was supplied/,
    advice:
      'REDIS_URL has a password, but this Redis wants none: check that it is the right Redis, or remove the password',
  },
  {
    text: /wrong number of arguments for 'auth' command/,
    advice: 'this Redis is too old for user names: update it to 6.2 or later, or use a password only',
  },
];

/** Different texts that are logged; a library that prints more than that would only fill the log. */
const TEXTS_MAX = 100;

/** What to do about a warning of a library; the warning itself where we know no better. */
export function adviceFor(text: string): string {
  for (const { text: known, advice } of ADVICE) {
    const found = known.exec(text);
    if (found !== null) return advice.replace('$1', found[1] ?? '');
  }
  return text;
}

/** Turns what libraries print to the console into log lines, each text once. Operators read one log; programs parse it. */
export function logConsole(
  log: Logger,
  target: Pick<Console, 'log' | 'info' | 'warn' | 'error'> = console,
): void {
  const seen = new Set<string>();
  const logOnce = (...values: unknown[]) => {
    const text = adviceFor(redactQueries(format(...values)).trim());
    if (seen.has(text) || seen.size >= TEXTS_MAX) return;
    seen.add(text);
    log.warn({ from: 'library' }, text);
  };
  Object.assign(target, { log: logOnce, info: logOnce, warn: logOnce, error: logOnce });
}
