import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quoteLongNumbers } from './long-numbers.js';

describe('long numbers in JSON', () => {
  it.each([
    ['{"id":9007199254740993}', '{"id":"9007199254740993"}'],
    ['[-1234567890123456789 , 2]', '["-1234567890123456789" , 2]'],
    ['{"id":9007199254740991}', '{"id":9007199254740991}'],
    [
      '{"f":0.12345678901234567,"e":12345678901234567e3}',
      '{"f":0.12345678901234567,"e":12345678901234567e3}',
    ],
    ['{"f":12345678901234567.5}', '{"f":12345678901234567.5}'],
    ['{"t":"12345678901234567890"}', '{"t":"12345678901234567890"}'],
    ['{"t":"a\\"12345678901234567890","n":1}', '{"t":"a\\"12345678901234567890","n":1}'],
    ['{"t":"\\\\","n":12345678901234567890}', '{"t":"\\\\","n":"12345678901234567890"}'],
    ['{}', '{}'],
  ])('%s becomes %s', (json, expected) => {
    expect(quoteLongNumbers(json)).toBe(expected);
  });

  it('changes nothing that JavaScript can hold', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        fc.pre(!/(?<![.\d])\d{17,}(?![\d.eE])/.test(json));
        expect(JSON.parse(quoteLongNumbers(json))).toEqual(JSON.parse(json));
      }),
    );
  });
});
