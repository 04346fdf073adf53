import { describe, expect, it } from '@jest/globals';
import { accessTokenOf } from '../core/credential.js';
import { emptyState, type KeeperState } from '../core/keeper-state.js';
import { createCredentialMemory } from './credential-memory.js';

const id = accessTokenOf('wx1');
const state = (version: number, revision: number): KeeperState => ({
  ...emptyState,
  revision,
  record: { value: `token-${version}`, version, obtainedAtMs: 0, expiresAtMs: 1, lifeMs: 1 },
});

describe('the memory of a server', () => {
  it.each([
    ['a newer version', state(2, 1), true],
    ['a newer revision of the same version', state(1, 6), true],
    ['an older version, whatever its revision', state(0, 99), false],
    ['an older revision of the same version', state(1, 4), false],
    ['a Redis that came back empty', emptyState, false],
  ])('faced with %s', (_name, next, taken) => {
    const memory = createCredentialMemory();
    memory.apply(id, state(1, 5));
    memory.apply(id, next);
    expect(memory.get(id)).toEqual(taken ? next : state(1, 5));
  });

  it('tells of a change to those who listen, of this credential only, until they stop', () => {
    const memory = createCredentialMemory();
    let heard = 0;
    const stop = memory.onChange(id, () => {
      heard += 1;
    });
    memory.apply(id, state(1, 1));
    memory.noteReleased(id);
    memory.apply(accessTokenOf('wx2'), state(1, 1));
    expect(heard).toBe(2);
    stop();
    memory.apply(id, state(2, 1));
    expect(heard).toBe(2);
  });
});
