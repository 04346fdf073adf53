import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.js';

export interface TakeDown {
  /** Adds what has to be undone in the end; the last is undone first. */
  push(what: string, step: () => unknown): void;
  /** Undoes everything, one after the other. What takes too long, or fails, does not keep the rest waiting. */
  run(withinMs: number): Promise<void>;
}

export function createTakeDown(log: Logger): TakeDown {
  const steps: { what: string; step: () => unknown }[] = [];
  return {
    push: (what, step) => void steps.push({ what, step }),
    async run(withinMs) {
      const over = new AbortController();
      // It counts as work, so that the process does not end in the middle because nothing else is left to wait for.
      const late = sleep(withinMs, 'late', { signal: over.signal }).catch(() => 'over');
      for (const { what, step } of steps.splice(0).reverse()) {
        const done = Promise.resolve()
          .then(step)
          .catch((error: unknown) => log.warn({ err: error }, `${what} could not be stopped`));
        if ((await Promise.race([done, late])) === 'late') log.warn(`${what} is not waited for any longer`);
      }
      over.abort();
    },
  };
}
