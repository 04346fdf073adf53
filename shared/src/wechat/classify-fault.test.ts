import { describe, expect, it } from '@jest/globals';
import { classifyCallFault, classifyIssueFault, hintFor, isDeadTokenFault } from './classify-fault.js';

describe('classification of faults', () => {
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
