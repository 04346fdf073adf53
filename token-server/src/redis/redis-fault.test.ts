import { describe, expect, it } from '@jest/globals';
import { isRefusal, redisFault } from './redis-fault.js';

describe('what Redis or ioredis says', () => {
  it.each([
    ["READONLY You can't write against a read only replica.", 'refusing', /read-only replica/],
    ["OOM command not allowed when used memory > 'maxmemory'.", 'refusing', /memory is full/],
    [
      'MISCONF Errors writing to the AOF file: No space left on device',
      'refusing',
      /cannot write to its disk/,
    ],
    [
      "NOPERM this user has no permissions to run the 'eval' command",
      'refusing',
      /lacks rights in it \(NOPERM/,
    ],
    ['WRONGPASS invalid username-password pair or user is disabled.', 'refusing', /refuses the user or/],
    ['NOAUTH Authentication required.', 'refusing', /wants a password/],
    ['CLUSTERDOWN The cluster is down', 'refusing', /no master for a part of its keys/],
    ['ERR max number of clients reached', 'refusing', /takes no more connections/],
    ['LOADING Redis is loading the dataset in memory', 'unreachable', /still loading/],
    ['Command timed out', 'unreachable', /does not answer/],
    ['connect ECONNREFUSED 127.0.0.1:6379', 'unreachable', /nothing answers there/],
    ['connect EMFILE 127.0.0.1:6379 - Local (undefined:undefined)', 'unreachable', /may not open more files/],
    ['something new', 'unreachable', /^something new$/],
  ])('%s becomes %s', (message, is, reason) => {
    expect(redisFault(new Error(message))).toMatchObject({ is, reason: expect.stringMatching(reason) });
  });

  it("is, for a cluster, what its node has said, and for the system's errors also the code", () => {
    const failed = Object.assign(new Error('Failed to refresh slots cache.'), {
      lastNodeError: new Error('NOAUTH Authentication required.'),
    });
    expect(redisFault(failed).reason).toBe('it wants a password');
    const expired = Object.assign(new Error('certificate'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(redisFault(expired).reason).toBe('its certificate is made out to another host name');
  });

  it('has, for the embedded Redis, a remedy that does not speak of REDIS_URL', () => {
    for (const message of ['MISCONF Errors writing to the AOF file', 'OOM', 'Command timed out', 'other']) {
      expect(redisFault(new Error(message), true).remedy).not.toContain('REDIS_URL');
    }
    expect(redisFault(new Error('MISCONF'), true).remedy).toBe('free space on the disk of DATA_DIR');
  });

  it('makes the server look closer when it means more than one command', () => {
    expect(isRefusal(new Error("NOPERM this user has no permissions to run the 'xadd' command"))).toBe(true);
    expect(isRefusal(new Error('NOSCRIPT No matching script.'))).toBe(false);
    expect(isRefusal(new Error('ERR value is not an integer'))).toBe(false);
  });
});
