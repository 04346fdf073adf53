import { describe, expect, it } from '@jest/globals';
import { redisFault, redisFaultTexts } from '../redis/redis-fault.js';
import type { Finding } from './finding.js';
import { redisFaultInChinese } from './redis-fault-in-chinese.js';
import { type RedisFacts, redisFindings } from './redis-findings.js';

const INFO = { redis_version: '7.0.15', maxmemory_policy: 'noeviction', aof_enabled: '1' };
const facts = (
  info: Record<string, string> = {},
  more: Partial<RedisFacts> & { save?: string | null } = {},
): RedisFacts => {
  const { save = '', ...rest } = more;
  return {
    name: 'redis://r:6379/0',
    fault: null,
    nodes: [{ info: { ...INFO, ...info }, save }],
    registryEntries: 0,
    ...rest,
  };
};
const wrong = (findings: readonly Finding[]) =>
  findings.filter(({ level }) => level !== 'ok').map(({ level, id }) => `${level} ${id}`);

describe('what was seen of Redis', () => {
  it.each<[string, RedisFacts, string[]]>([
    ['all is well', facts(), []],
    ['snapshots only', facts({ aof_enabled: '0' }, { save: '3600 1' }), []],
    ['nothing is written to the disk', facts({ aof_enabled: '0' }), ['warning redis-persistence']],
    [
      'and it holds apps that exist nowhere else',
      facts({ aof_enabled: '0' }, { registryEntries: 2 }),
      ['bad redis-persistence'],
    ],
    [
      'the setting is hidden, and hours of changes were not saved',
      facts(
        {
          aof_enabled: '0',
          uptime_in_seconds: '90000',
          rdb_changes_since_last_save: '5',
          seconds_since_last_save: '90000',
        },
        { save: null },
      ),
      ['warning redis-persistence'],
    ],
    ['the setting is hidden, and nothing speaks against it', facts({ aof_enabled: '0' }, { save: null }), []],
    ['the last write to the disk failed', facts({ aof_last_write_status: 'err' }), ['bad redis-persistence']],
    ['it may evict one day', facts({ maxmemory_policy: 'allkeys-lru' }), ['warning redis-eviction']],
    ['it evicts', facts({ maxmemory_policy: 'volatile-lru', maxmemory: '1000' }), ['bad redis-eviction']],
  ])('%s', (_what, seen, expected) => {
    expect(wrong(redisFindings(seen))).toEqual(expected);
  });

  it.each([
    ['connect ECONNREFUSED 127.0.0.1:6379', 'redis-reachable'],
    ['Command timed out', 'redis-reachable'],
    ['needs Redis 6.2, found 5.0.14', 'redis-version'],
    ["ERR unknown command 'LPOS', with args", 'redis-version'],
    ["READONLY You can't write against a read only replica.", 'redis-writable'],
    ["OOM command not allowed when used memory > 'maxmemory'.", 'redis-writable'],
    ['MISCONF Errors writing to the AOF file', 'redis-writable'],
    ['NOAUTH Authentication required.', 'redis-rights'],
    ['WRONGPASS invalid username-password pair', 'redis-rights'],
    ['NOPERM: it may not run ZADD', 'redis-rights'],
  ])('%s is bad in the check %s', (message, id) => {
    const fault = redisFault(new Error(message));
    const nodes = fault.is === 'unreachable' ? [] : facts().nodes;
    expect(wrong(redisFindings(facts({}, { fault, nodes })))).toEqual([`bad ${id}`]);
  });

  it('has a Chinese text for every reason and every remedy', () => {
    const missing = [...redisFaultTexts()].filter((text) => {
      const asReason = redisFaultInChinese({ reason: text, remedy: text });
      return !/[\u4e00-\u9fff]/.test(asReason.reason + asReason.remedy);
    });
    expect(missing.filter((text) => !text.startsWith('$1'))).toEqual([]);
    const { reason } = redisFault(new Error('NOPERM: it may not run ZADD'));
    expect(redisFaultInChinese({ reason, remedy: '' }).reason).toMatch(/^该用户权限不足 \(NOPERM.*ZADD\)$/);
  });
});
