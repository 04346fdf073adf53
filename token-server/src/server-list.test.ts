import { describe, expect, it } from '@jest/globals';
import { GONE_AFTER_MS, type ServerEntry, sortEntries } from './server-list.js';

const NOW_MS = Date.UTC(2026, 10, 26);
const entry = (fields: Partial<ServerEntry>): ServerEntry => ({
  id: 'a',
  version: '0.1.0',
  url: null,
  startedAtMs: NOW_MS - 60_000,
  seenAtMs: NOW_MS,
  masterKeyIds: ['0123abcd'],
  sealsWith: '0123abcd',
  ...fields,
});

describe('the list of servers', () => {
  it('has those that have shown themselves lately, the oldest first; the rest is to be forgotten', () => {
    const [young, old] = [entry({ id: 'young', startedAtMs: NOW_MS }), entry({ id: 'old' })];
    const stored = {
      young: JSON.stringify(young),
      old: JSON.stringify(old),
      gone: JSON.stringify(entry({ id: 'gone', seenAtMs: NOW_MS - GONE_AFTER_MS - 1 })),
      'from the future': JSON.stringify(entry({ id: 'from the future', seenAtMs: NOW_MS + 86_400_000 })),
      'no JSON': '{',
      'another shape': '{"id":"another shape"}',
      'another name': JSON.stringify(entry({ id: 'x' })),
    };
    expect(sortEntries(stored, NOW_MS)).toEqual({
      running: [old, young],
      gone: ['gone', 'from the future', 'no JSON', 'another shape', 'another name'],
    });
  });
});
