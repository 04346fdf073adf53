import { describe, expect, it } from '@jest/globals';
import { faultSchema } from './fault.js';
import { FaultList } from './fault-list.js';

const hang = (where: object = {}) => faultSchema.parse({ kind: 'hang', ...where });

describe('FaultList', () => {
  it('strikes once by default, and as often as asked', () => {
    const faults = new FaultList();
    faults.add(hang());
    faults.add(hang({ times: 2 }));
    const strikes = [1, 2, 3, 4].map(() => faults.take('/a', undefined) !== undefined);
    expect(strikes).toEqual([true, true, true, false]);
  });

  it("strikes until cleared with 0 times and with 'forever'", () => {
    for (const times of [0, 'forever']) {
      const faults = new FaultList();
      const id = faults.add(hang({ times }));
      for (let n = 0; n < 100; n++) expect(faults.take('/a', undefined)).toBeDefined();
      expect(faults.clear(id)).toBe(1);
      expect(faults.take('/a', undefined)).toBeUndefined();
    }
  });

  it('strikes only where path, prefix and app fit', () => {
    const faults = new FaultList();
    faults.add(hang({ path: '/cgi-bin/token', times: 0 }));
    expect(faults.take('/cgi-bin/token2', undefined)).toBeUndefined();
    expect(faults.take('/cgi-bin/token', 'wx1')).toBeDefined();
    faults.clear();
    faults.add(hang({ path: '/wxa/*', appId: 'wx1', times: 0 }));
    expect(faults.take('/wxa/getwxacode', 'wx2')).toBeUndefined();
    expect(faults.take('/wxa/getwxacode', undefined)).toBeUndefined();
    expect(faults.take('/wxa/getwxacode', 'wx1')).toBeDefined();
  });

  it('lets the fault strike first that was added first, and clears one or all', () => {
    const faults = new FaultList();
    const first = faults.add(hang());
    faults.add(faultSchema.parse({ kind: 'reset' }));
    faults.add(hang());
    expect(faults.clear(first)).toBe(1);
    expect(faults.take('/a', undefined)?.kind).toBe('reset');
    expect(faults.clear()).toBe(1);
    expect(faults.clear(first)).toBe(0);
  });
});
