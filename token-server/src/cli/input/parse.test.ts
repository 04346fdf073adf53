import { describe, expect, it } from '@jest/globals';
import { commaList, expiry, policyValue, wholeNumber } from './parse.js';

const NOW_MS = Date.parse('2026-11-26T00:00:00Z');

describe('values of options', () => {
  it.each([
    ['90d', '2027-02-24T00:00:00.000Z'],
    ['12h', '2026-11-26T12:00:00.000Z'],
    ['30m', '2026-11-26T00:30:00.000Z'],
    ['2w', '2026-12-10T00:00:00.000Z'],
    ['2027-01-31', '2027-01-31T00:00:00.000Z'],
    ['2027-01-31T08:00:00+08:00', '2027-01-31T00:00:00.000Z'],
    ['never', 'never'],
  ])('--expires %s is %s', (text, expected) => {
    expect(expiry(text, NOW_MS)).toBe(expected);
  });

  it.each(['', '90', '90x', 'tomorrow', '2027-13-01', '2020-01-01', '0d', '1'])(
    '--expires %j is refused',
    (text) => {
      expect(() => expiry(text, NOW_MS)).toThrow(/^It (must|lies)/);
    },
  );

  it('--policy takes numbers, and default to take a value away', () => {
    const first = policyValue('refreshLead=600');
    expect(policyValue('sweep=default', first)).toEqual({ refreshLead: 600, sweep: null });
  });

  it.each(['refreshLead', 'refreshLead=', '=3', 'refreshLead=ten', 'a b=3', 'wx1', 'x=-1'])(
    '--policy %j is refused',
    (text) => {
      expect(() => policyValue(text)).toThrow('key=number');
    },
  );

  it.each(['0', '11', '1.5', '', 'x', '-1', '1e1'])('a number from 1 to 10 is not %j', (text) => {
    expect(() => wholeNumber(1, 10)(text)).toThrow('from 1 to 10');
  });

  it('a list has names with commas between', () => {
    expect(commaList('a, b')).toEqual(['a', 'b']);
    expect(() => commaList('a,,b')).toThrow('commas');
  });
});
