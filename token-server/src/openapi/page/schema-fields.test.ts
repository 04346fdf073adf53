import { describe, expect, it } from '@jest/globals';
import { fieldsOf, typeOf } from './schema-fields.js';

const named = { Hint: { type: 'object', properties: { en: { type: 'string' } } } } as const;

describe('the fields of a schema', () => {
  it('are listed at every depth, with the names above them', () => {
    const schema = {
      type: 'object',
      required: ['apps'],
      properties: {
        apps: {
          type: 'array',
          description: 'All.',
          items: { type: 'object', properties: { hint: { $ref: '#/components/schemas/Hint' } } },
        },
      },
    } as const;
    const lines = fieldsOf(schema as never, named).map(({ name, type, isRequired }) => [
      name,
      type,
      isRequired,
    ]);
    expect(lines).toEqual([
      ['apps', 'array of object', true],
      ['apps[].hint', 'object', false],
      ['apps[].hint.en', 'string', false],
    ]);
  });

  it.each([
    [{ type: 'integer', minimum: 1, maximum: 500, default: 100 }, 'integer, 1 to 500, default 100'],
    [{ type: 'integer', minimum: 0 }, 'integer, at least 0'],
    [{ type: 'string', format: 'date-time' }, 'date-time'],
    [{ enum: ['a', 'b'] }, 'a | b'],
    [{ const: 0 }, '0'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    [{}, 'any'],
  ])('%j is "%s"', (schema, text) => {
    expect(typeOf(schema as never, named)).toBe(text);
  });
});
