import { describe, expect, it } from '@jest/globals';
import { classifyCallFault, classifyIssueFault, hintFor, isDeadTokenFault } from './classify-fault.js';
import { FAULT_TABLE } from './fault-table.js';

/** Every code that the platform's pages name for the calls that a token server or its clients make. */
const CODES_OF_THE_PLATFORM = [
  -1, 40001, 40002, 40003, 40004, 40005, 40006, 40007, 40009, 40013, 40014, 40029, 40033, 40037, 40066, 40082,
  40091, 40097, 40125, 40129, 40159, 40163, 40164, 40165, 40169, 40189, 40201, 40202, 40203, 40212, 40226,
  40243, 41001, 41002, 41004, 41005, 41006, 41008, 41030, 42001, 42002, 42003, 42006, 42007, 42009, 43001,
  43002, 43003, 43101, 44001, 44002, 44990, 45001, 45009, 45011, 45015, 45029, 45033, 45035, 45047, 45063,
  45072, 45080, 45081, 45162, 47001, 47003, 48001, 48004, 48006, 48017, 50002, 50004, 50007, 60020, 61003,
  61004, 61005, 61006, 61007, 61010, 61014, 61015, 61023, 61024, 76001, 76002, 76003, 76004, 76021, 76022,
  85079, 87014, 89002, 89300, 89501, 89503, 89506, 89507, 101000, 101002,
];

describe('classification of faults', () => {
  it('knows every code, and has a hint in both languages for each that an operator has to mend', () => {
    expect(Object.keys(FAULT_TABLE).map(Number).sort()).toEqual([...CODES_OF_THE_PLATFORM].sort());
    const needsHint = CODES_OF_THE_PLATFORM.filter((errcode) =>
      ['misconfigured', 'exhausted'].includes(classifyIssueFault(errcode)),
    );
    expect(needsHint.length).toBeGreaterThan(20);
    for (const errcode of needsHint) {
      const hint = hintFor(errcode, '');
      expect([errcode, hint?.en]).toEqual([errcode, expect.stringMatching(/^[A-Z].*\.$/)]);
      expect([errcode, hint?.zh]).toEqual([errcode, expect.stringMatching(/。$/)]);
    }
  });

  it.each([
    [40001, 'misconfigured'],
    [40013, 'misconfigured'],
    [40125, 'misconfigured'],
    [40164, 'misconfigured'],
    [61004, 'misconfigured'],
    [45035, 'misconfigured'],
    [40243, 'misconfigured'],
    [89503, 'misconfigured'],
    [89506, 'misconfigured'],
    [89507, 'misconfigured'],
    [50004, 'misconfigured'],
    [45009, 'exhausted'],
    [45011, 'throttled'],
    [-1, 'transient'],
    [99999, 'transient'],
  ])('of a token endpoint: %d is %s', (errcode, kind) => {
    expect(classifyIssueFault(errcode)).toBe(kind);
  });

  it.each([
    [40001, 'dead-token'],
    [40014, 'dead-token'],
    [42001, 'dead-token'],
    [41001, 'rejected'],
    [42007, 'rejected'],
    [48001, 'rejected'],
    [61007, 'rejected'],
    [45009, 'exhausted'],
    [45011, 'throttled'],
    [-1, 'transient'],
  ])('of any other API: %d is %s', (errcode, kind) => {
    expect(classifyCallFault(errcode)).toBe(kind);
    expect(isDeadTokenFault(errcode)).toBe(kind === 'dead-token');
  });

  it.each([
    ['invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 1-2-3', 40164, '1.2.3.4'],
    ['invalid ip 1.2.3.4, not in whitelist hint: [x]', 40164, '1.2.3.4'],
    ['access clientip is not registered requestIP: 5.6.7.8 rid: 1-2-3', 61004, '5.6.7.8'],
  ])('tells the operator which address to put on the whitelist: %s', (errmsg, errcode, address) => {
    expect(hintFor(errcode, errmsg)?.en).toMatch(new RegExp(`Address: ${address}$`));
    expect(hintFor(errcode, errmsg)?.zh).toMatch(new RegExp(`IP：${address}$`));
  });

  it('has no hint for what it does not know', () => {
    expect(hintFor(99999, 'whatever')).toBeUndefined();
  });
});
