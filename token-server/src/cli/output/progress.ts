import type { Io } from '../io.js';

/** One line on a terminal that says what takes its time; nothing where nobody reads. */
export function createProgress(stderr: Io['stderr']): { show(text: string): void; clear(): void } {
  const isTerminal = stderr.isTTY === true;
  const write = (text: string) => {
    if (isTerminal) stderr.write(`\r\u001b[K${text}`);
  };
  return { show: (text) => write(`${text} …`), clear: () => write('') };
}
