import { describe, expect, it } from '@jest/globals';
import { parseConfigFile } from './config-file.js';

describe('a configuration file', () => {
  it('may begin with the byte order mark that some editors write', () => {
    const file = parseConfigFile('\uFEFF{\n  "apps": 1 }', 'a.json');
    expect(file.faults.map(({ key, place }) => `${key}, ${place}`)).toEqual([
      'apps, a.json, line 2',
      'clients, a.json, line 1',
    ]);
  });
});
