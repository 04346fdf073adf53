import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.js';

export interface TakeDown {
  /** Adds a step; the last one added is run first. */
  push(what: string, step: () => unknown): void;
  /** Runs all steps, one after the other. A step that fails, or is still running after `withinMs`, does not hold up the rest. */
  run(withinMs: number): Promise<void>;
}

export function createTakeDown(log: Logger): TakeDown {
  const steps: { what: string; step: () => unknown }[] = [];
  return {
    push: (what, step) => void steps.push({ what, step }),
    async run(withinMs) {
      const over = new AbortController();
      // This timer keeps the process alive while steps are running.
      const late = sleep(withinMs, 'late', { signal: over.signal }).catch(() => 'over');
      for (const { what, step } of steps.splice(0).reverse()) {
        const done = Promise.resolve()
          .then(step)
          .catch((error: unknown) => log.warn({ err: error }, `could not stop ${what}`));
        if ((await Promise.race([done, late])) === 'late') log.warn(`no longer waiting for ${what} to stop`);
      }
      over.abort();
    },
  };
}
