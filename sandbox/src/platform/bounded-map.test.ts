import { expect, it } from '@jest/globals';
import { BoundedMap } from './bounded-map.js';

it('a bounded map forgets its oldest entry, and only when it is full', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1).set('b', 2).set('a', 3);
  expect([...map]).toEqual([
    ['a', 3],
    ['b', 2],
  ]);
  map.set('c', 4);
  expect([...map.keys()]).toEqual(['b', 'c']);
});
