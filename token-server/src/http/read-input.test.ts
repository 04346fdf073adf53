import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseInput } from './read-input.js';

const schema = z.strictObject({
  limit: z.coerce.number().max(5),
  inner: z.object({ name: z.string() }).optional(),
});

describe('input', () => {
  it('is what its schema makes of it', () => {
    expect(parseInput(schema, { limit: '3' }, 'query')).toEqual({ limit: 3 });
    expect(parseInput(z.object({}), undefined, 'body')).toEqual({});
  });

  it('that breaks its schema is refused in one sentence that names every place', () => {
    const parse = () => parseInput(schema, { limit: 9, inner: { name: 1 }, more: 1 }, 'body');
    expect(parse).toThrow(/^The body is not valid: .*limit: .*inner\.name: .*more.*\.$/s);
    expect(parse).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});
