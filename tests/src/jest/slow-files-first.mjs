import { join } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Where most of the time is spent. */
const SLOW = [join('sdk', 'environments'), 'bench', 'process', 'sdk', 'http'].map((name) =>
  join('tests', 'src', name),
);

/**
 * The slowest files begin, so that no worker is left alone with one of them at the end. Jest does so by what it
 * remembers of the last run; on a fresh machine it remembers nothing, and would begin with the longest files.
 */
export default class SlowFilesFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    const isIn =
      (folder) =>
      ({ path }) =>
        path.includes(folder);
    const slow = new Set(SLOW.flatMap((folder) => sorted.filter(isIn(folder))));
    return [...slow, ...sorted.filter((test) => !slow.has(test))];
  }
}
