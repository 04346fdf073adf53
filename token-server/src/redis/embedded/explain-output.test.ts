import { describe, expect, it } from '@jest/globals';
import { explainOutput } from './redis-child.js';

describe('a Redis that did not start', () => {
  it.each([
    'Bad file format reading the append only file appendonly.aof.1.incr.aof: make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>',
    'Unexpected end of file reading the append only file',
    'Unable to obtain the AOF file appendonly.aof.1.base.rdb length. stat: No such file or directory',
  ])('because of its append-only file is reported with how to mend that: %s', (output) => {
    expect(explainOutput(output, '/data/redis')).toMatch(
      /copy \/data\/redis to a safe place, then run redis-check-aof --fix \/data\/redis\/appendonlydir\//,
    );
  });

  it('because of a full disk, or for a reason that we do not know, is reported too', () => {
    expect(
      explainOutput("Can't open the append-only file: No space left on device", '/data/redis'),
    ).toContain('the disk of /data/redis is full: free space on it');
    expect(explainOutput('something old | something new', '/data/redis')).toContain(
      'it printed at last: something new',
    );
  });
});
