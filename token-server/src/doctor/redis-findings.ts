import type { RedisFault } from '../redis/redis-fault.js';
import type { CheckId } from './checks.js';
import { type Finding, finding, type Level } from './finding.js';
import { redisFaultInChinese } from './redis-fault-in-chinese.js';

/** What was seen of Redis. */
export interface RedisFacts {
  /** Its address, without user and password. */
  readonly name: string;
  /** Why it cannot be used; null: everything that the server needs was tried, and works. */
  readonly fault: RedisFault | null;
  /** Each process that data are written to; none when it does not answer. */
  readonly nodes: readonly RedisNodeFacts[];
  /** Apps and clients that were made through the API. */
  readonly registryEntries: number;
}

export interface RedisNodeFacts {
  /** The fields of INFO. */
  readonly info: Readonly<Record<string, string>>;
  /** The setting `save`, empty for none; null: the user may not ask for it. */
  readonly save: string | null;
}

/** By what `redis/redis-fault.ts` gives as the reason; anything else is about reaching it. */
const CHECK_OF_REASON: readonly (readonly [RegExp, CheckId])[] = [
  [/^it is too old|^it does not know a command/, 'redis-version'],
  [/^it is a read-only|^it has too few|^its memory|^it cannot write|^the cluster has no/, 'redis-writable'],
  [/^it wants|^it refuses|lacks rights|^the sentinels (?:want|refuse)/, 'redis-rights'],
];

/** What a fault of Redis is called here, and what is known to be well all the same. */
export function redisFindings(facts: RedisFacts): Finding[] {
  const { name, fault, nodes } = facts;
  const faulty = fault === null ? [] : [faultFinding(name, fault)];
  const [{ id } = { id: undefined }] = faulty;
  const well: Finding[] = [];
  const answers = fault === null || (fault.is === 'refusing' && id !== 'redis-reachable');
  if (answers) well.push(good('redis-reachable', `Redis answers at ${name}`, `Redis 在 ${name} 正常应答`));
  const versions = [...new Set(nodes.map(({ info }) => info.redis_version ?? '?'))].join(', ');
  if (nodes.length > 0 && id !== 'redis-version')
    well.push(good('redis-version', `Redis ${versions}`, `Redis ${versions}`));
  if (fault === null) {
    well.push(good('redis-writable', 'it accepts writes', '可以写入'));
    well.push(
      good('redis-rights', 'every command that the server needs was tried', '服务器需要的命令均已试用'),
    );
  }
  const ofNodes = nodes.length === 0 ? [] : [evictionFinding(nodes), persistenceFinding(facts)];
  return [...faulty, ...well, ...ofNodes];
}

function faultFinding(name: string, fault: RedisFault): Finding {
  const [, id = 'redis-reachable'] = CHECK_OF_REASON.find(([pattern]) => pattern.test(fault.reason)) ?? [];
  const zh = redisFaultInChinese(fault);
  return finding(id, {
    level: 'bad',
    what: {
      en: `Redis at ${name} cannot be used, since ${fault.reason}.`,
      zh: `${name} 的 Redis 无法使用：${zh.reason}。`,
    },
    todo: { en: `${fault.remedy.charAt(0).toUpperCase()}${fault.remedy.slice(1)}.`, zh: `请${zh.remedy}。` },
  });
}

function evictionFinding(nodes: readonly RedisNodeFacts[]): Finding {
  const evicting = nodes.find(({ info }) => (info.maxmemory_policy ?? 'noeviction') !== 'noeviction');
  if (evicting === undefined)
    return good('redis-eviction', 'maxmemory-policy is noeviction', '策略为 noeviction');
  const { maxmemory_policy: policy, maxmemory = '0' } = evicting.info;
  const isLimited = Number(maxmemory) > 0;
  return finding('redis-eviction', {
    level: isLimited ? 'bad' : 'warning',
    what: isLimited
      ? {
          en: `maxmemory-policy is ${policy}: beyond ${maxmemory} bytes Redis throws data away.`,
          zh: `maxmemory-policy 为 ${policy}：超过 ${maxmemory} 字节后 Redis 会淘汰数据。`,
        }
      : {
          en: `maxmemory-policy is ${policy}; without a maxmemory nothing is thrown away so far.`,
          zh: `maxmemory-policy 为 ${policy}；目前未设置 maxmemory，暂不会淘汰数据。`,
        },
  });
}

/** The default of Redis saves after an hour at the latest when anything has changed. */
const SAVED_WITHIN_SECONDS = 2 * 3_600;

function persistenceFinding({ nodes, registryEntries }: RedisFacts): Finding {
  const failing = nodes.find(({ info }) =>
    [info.aof_last_write_status, info.rdb_last_bgsave_status].includes('err'),
  );
  if (failing !== undefined)
    return finding('redis-persistence', {
      level: 'bad',
      what: {
        en: 'Redis could not write its data to the disk the last time.',
        zh: 'Redis 上一次写盘失败。',
      },
      todo: {
        en: 'Free space on the disk of Redis, and read its log.',
        zh: '请为 Redis 所在磁盘腾出空间，并查看它的日志。',
      },
    });
  const forgetful = nodes.find((node) => isForgetful(node));
  if (forgetful !== undefined) {
    const level: Level = registryEntries > 0 ? 'bad' : 'warning';
    const count = registryEntries;
    return finding('redis-persistence', {
      level,
      what: {
        en: `Redis writes nothing to the disk (appendonly no, no snapshots)${count > 0 ? `, and holds ${count} apps and clients that exist nowhere else` : ''}.`,
        zh: `Redis 不写盘（appendonly no，且没有快照）${count > 0 ? `，其中有 ${count} 个应用和客户端只存在于此` : ''}。`,
      },
    });
  }
  const isLogging = nodes.every(({ info }) => info.aof_enabled === '1');
  return isLogging
    ? good('redis-persistence', 'the append-only file is on', '已开启 AOF')
    : good(
        'redis-persistence',
        'by snapshots; what has changed since the last one would be lost',
        '使用快照；最近一次快照之后的改动可能丢失',
      );
}

/** Without the right to ask for the settings, by what it has not done within hours. */
function isForgetful({ info, save }: RedisNodeFacts): boolean {
  if (info.aof_enabled === '1') return false;
  if (save !== null) return save.trim() === '';
  const uptime = Number(info.uptime_in_seconds ?? 0);
  const sinceSave = Number(info.seconds_since_last_save ?? 0);
  return (
    Number(info.rdb_changes_since_last_save ?? 0) > 0 &&
    uptime > SAVED_WITHIN_SECONDS &&
    sinceSave > SAVED_WITHIN_SECONDS
  );
}

function good(id: CheckId, en: string, zh: string): Finding {
  return finding(id, { level: 'ok', what: { en, zh } });
}
