type Step = () => unknown;

const ofTheTest: Step[] = [];
const ofTheFile: Step[] = [];
let isInTest = false;

/**
 * Has something undone, last in, first out, whether the test passed or not: what a test started when that test is over;
 * what was started outside of a test (in `beforeAll`, or in a run without Jest) when the file, or the run, is over.
 */
export function cleanUp(step: Step): void {
  (isInTest ? ofTheTest : ofTheFile).push(step);
}

export function beginTest(): void {
  isInTest = true;
}

export async function endTest(): Promise<void> {
  isInTest = false;
  await undo(ofTheTest);
}

export async function undoAll(): Promise<void> {
  await undo(ofTheTest);
  await undo(ofTheFile);
}

async function undo(steps: Step[]): Promise<void> {
  for (const step of steps.splice(0).reverse()) await step();
}
