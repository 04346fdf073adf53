import { expect, it } from '@jest/globals';
import { BriefMap } from './brief-map.js';

it('a brief map forgets everything after its time, though nobody asks', async () => {
  const map = new BriefMap<number>(10, 5);
  map.set('a', 1);
  expect(map.get('a')).toBe(1);
  const until = Date.now() + 5_000;
  while (map.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(map.get('a')).toBeUndefined();
  map.set('b', 2);
  expect(map.get('b')).toBe(2);
});

it('a brief map never holds more than its limit', () => {
  const map = new BriefMap<number>(3);
  for (let index = 0; index < 10; index += 1) {
    map.set(`key ${index}`, index);
    expect(map.get(`key ${index}`)).toBe(index);
    expect(map.size).toBeLessThanOrEqual(3);
  }
});
