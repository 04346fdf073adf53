import { describe, expect, it } from '@jest/globals';
import { fromNow } from './times.js';

const NOW_MS = Date.parse('2026-11-26T00:00:00Z');

describe('an instant as seen from now', () => {
  it.each([
    [0, 'in 0 sec.'],
    [90_000, 'in 90 sec.'],
    [-90_000, '90 sec. ago'],
    [7_200_000, 'in 2 hr.'],
    [7_100_000, 'in 118 min.'],
    [-3 * 86_400_000, '3 days ago'],
  ])('%d ms is %s', (ms, text) => {
    expect(fromNow(new Date(NOW_MS + ms).toISOString(), NOW_MS)).toBe(text);
  });

  it.each([null, undefined])('%s is nothing', (iso) => {
    expect(fromNow(iso, NOW_MS)).toBe('');
  });
});
