import { afterEach } from '@jest/globals';

const undo: (() => unknown)[] = [];

/** Has something undone after the current test, last in, first out, whether the test passed or not. */
export function cleanUp(step: () => unknown): void {
  undo.push(step);
}

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});
