import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type HistoryPlace, historyId, newestFirst, rangeEndBefore } from './history-id.js';

const place = fc.constantFrom<HistoryPlace>('refreshes', 'reports');
const streamId = fc.tuple(fc.nat(3), fc.nat(3)).map(([ms, count]) => `${ms + 1}-${count}`);

describe('the ids of a history', () => {
  it('are different for each entry, and a report comes after the fetch of its millisecond', () => {
    expect(historyId('5-0', 'refreshes')).toBe('5-0');
    expect(historyId('5-0', 'reports')).toBe('5-1');
    expect(historyId('5-3', 'refreshes')).toBe('5-6');
  });

  it('divide each stream exactly: a page ends where the next begins', () => {
    fc.assert(
      fc.property(streamId, place, streamId, place, (one, onePlace, other, otherPlace) => {
        const [before, id] = [historyId(one, onePlace), historyId(other, otherPlace)];
        const [endMs = 0, endCount = 0] = rangeEndBefore(before, otherPlace).slice(1).split('-').map(Number);
        const [ms = 0, count = 0] = other.split('-').map(Number);
        const isInRange = ms < endMs || (ms === endMs && count < endCount);
        expect(isInRange).toBe(newestFirst({ id: before }, { id }) < 0);
      }),
    );
  });

  it('that a client makes up stay within what Redis takes', () => {
    expect(rangeEndBefore('99999999999999999999999-99999999999999999999999', 'refreshes')).toMatch(
      /^\(\d{16}-\d{16}$/,
    );
  });
});
