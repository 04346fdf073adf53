import { describe, expect, it } from '@jest/globals';
import { BoundedLabels } from './bounded-labels.js';

describe('labels', () => {
  it('name the first apps and pairs, and call all others "other"', () => {
    const labels = new BoundedLabels(2, 3);
    expect(['a', 'b', 'c', 'a'].map((appId) => labels.app(appId))).toEqual(['a', 'b', 'other', 'a']);
    expect(['x', 'y'].map((client) => labels.client('a', client))).toEqual(['x', 'y']);
    expect(['x', 'y', 'x'].map((client) => labels.client('b', client))).toEqual(['x', 'other', 'x']);
    expect(labels.client('c', 'x')).toBe('other');
  });

  it('give the place of an app that is gone, and of its clients, to the next one', () => {
    const labels = new BoundedLabels(1, 1);
    labels.client('a', 'x');
    expect([labels.app('b'), labels.keepOnly((appId) => appId !== 'a'), labels.app('b')]).toEqual([
      'other',
      ['a'],
      'b',
    ]);
    expect(labels.client('b', 'y')).toBe('y');
  });
});
