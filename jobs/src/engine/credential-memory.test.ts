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

  it('tells of each new version once, of any credential, and of nothing that is older or the same', () => {
    const memory = createCredentialMemory();
    const heard: string[] = [];
    const stop = memory.onRecord(({ appId }, { version }) => heard.push(`${appId}:${version}`));
    for (const next of [emptyState, state(1, 1), state(1, 2), state(3, 1), state(2, 9)])
      memory.apply(id, next);
    memory.apply(accessTokenOf('wx2'), state(1, 1));
    expect(heard).toEqual(['wx1:1', 'wx1:3', 'wx2:1']);
    stop();
    memory.apply(id, state(4, 1));
    expect(heard).toHaveLength(3);
  });
});
