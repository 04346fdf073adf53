import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { newIdText, newRid, newTokenText } from './random-text.js';

it('a token looks like one of the platform: two digits, _, base64url, about 140 characters, never the same', () => {
  const tokens = new Set(Array.from({ length: 1_000 }, () => newTokenText(randomBytes)));
  expect(tokens.size).toBe(1_000);
  for (const token of tokens) expect(token).toMatch(/^[1-9]\d_[\w-]{140}$/);
});

it('an id has exactly the length asked for', () => {
  for (const length of [11, 24, 64, 86])
    expect(newIdText(randomBytes, length)).toMatch(new RegExp(`^[\\w-]{${length}}$`));
});

it("a rid is three groups of eight hex digits that begin with the time, as in the official page's example", () => {
  expect(newRid(randomBytes, 1_635_156_704_123)).toMatch(/^617682e0-[0-9a-f]{8}-[0-9a-f]{8}$/);
});
