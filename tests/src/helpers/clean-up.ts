const undo: (() => unknown)[] = [];

/** Has something undone when the current test, or run, is over: last in, first out, whether it went well or not. */
export function cleanUp(step: () => unknown): void {
  undo.push(step);
}

export async function undoAll(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}
