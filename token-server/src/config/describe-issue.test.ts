import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { describeIssue, keyOf } from './describe-issue.js';

const SECRET = 'a-value-that-may-be-secret';

function describeFirst(schema: z.ZodType, value: unknown): string | undefined {
  const issue = schema.safeParse(value, { reportInput: true }).error?.issues[0];
  return issue && describeIssue(issue);
}

describe('the key of a fault', () => {
  it.each([
    [[], 'the file'],
    [['PORT'], 'PORT'],
    [['apps', 0, 'policy', 'sweep'], 'apps[0].policy.sweep'],
  ])('%j is written %s', (path, key) => {
    expect(keyOf(path)).toBe(key);
  });
});

describe('the description of a fault says what is allowed, and never the value', () => {
  it.each([
    [z.string(), undefined, 'is missing; give a text'],
    [z.array(z.string()), SECRET, 'must be a list'],
    [z.number(), SECRET, 'must be a number'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.strictObject({}), SECRET, 'must be an object'],
    [z.enum(['a', 'b']), SECRET, 'must be one of "a", "b"'],
    [z.number().min(1), 0, 'must be at least 1'],
    [z.number().max(3), 4, 'must be at most 3'],
    [z.string().min(8), 'short', 'must be at least 8 characters long'],
    [z.array(z.string()).min(1), [], 'must be at least 1 entries long'],
    [z.string().regex(/^\d$/, 'must be a digit'), SECRET, 'must be a digit'],
  ])('case %#', (schema, value, description) => {
    expect(describeFirst(schema, value)).toBe(description);
    expect(description).not.toContain(SECRET);
  });
});
