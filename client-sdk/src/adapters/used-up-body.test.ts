import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { isUsedUp } from './used-up-body.js';

async function* generator() {
  yield 'text';
}

describe('a body', () => {
  it.each([
    ['a stream of Node', Readable.from(['x']), true],
    ['a stream of the web', new Blob(['x']).stream(), true],
    ['a generator', generator(), true],
    ['a text', 'x', false],
    ['bytes', Buffer.from('x'), false],
    ['a form', new FormData(), false],
    ['parameters', new URLSearchParams('a=b'), false],
    ['an object', { a: 1 }, false],
    ['nothing', undefined, false],
  ])('that is %s is used up by being sent: %s', (_what, body, expected) => {
    expect(isUsedUp(body)).toBe(expected);
  });
});
