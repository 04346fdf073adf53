import { describe, expect, it } from '@jest/globals';
import { etagOf, matchesEtag } from './etag.js';

describe('an entity tag', () => {
  it.each([
    ['"41"', true],
    ['W/"41"', true],
    ['*', true],
    [' * ', true],
    ['"40", "41"', true],
    ['"40" ,W/"41"', true],
    ['"4"', false],
    ['41', false],
    ['"410"', false],
    ['', false],
    [undefined, false],
  ])('of version 41 is named by %s: %s', (header, isNamed) => {
    expect(matchesEtag(header, etagOf(41))).toBe(isNamed);
  });
});
