/** One call of a command, its key being `KEY:suffix`. */
type Call = readonly [command: string, suffix: string, ...args: string[]];

/**
 * A call of every command that the server and BullMQ use on keys, on keys of the probe's own; the last ones remove them.
 * They run inside one script, as BullMQ's do.
 */
const CALLS: readonly Call[] = [
  ['SET', 's', '0', 'PX', '60000'],
  ['SETNX', 's', '0'],
  ['GET', 's'],
  ['INCR', 's'],
  ['INCRBY', 's', '1'],
  ['EXISTS', 's'],
  ['PEXPIRE', 's', '60000'],
  ['PEXPIREAT', 's', '99999999999999'],
  ['PTTL', 's'],
  ['PERSIST', 's'],
  ['TYPE', 's'],
  ['HSET', 'h', 'a', '1'],
  ['HMSET', 'h', 'a', '1'],
  ['HGET', 'h', 'a'],
  ['HMGET', 'h', 'a'],
  ['HGETALL', 'h'],
  ['HEXISTS', 'h', 'a'],
  ['HINCRBY', 'h', 'a', '1'],
  ['HLEN', 'h'],
  ['HSCAN', 'h', '0'],
  ['HDEL', 'h', 'b'],
  ['LPUSH', 'l', 'a'],
  ['RPUSH', 'l', 'b'],
  ['LINDEX', 'l', '0'],
  ['LSET', 'l', '0', 'a'],
  ['LLEN', 'l'],
  ['LPOS', 'l', 'a'],
  ['LRANGE', 'l', '0', '-1'],
  ['LREM', 'l', '1', 'c'],
  ['LTRIM', 'l', '0', '9'],
  ['RPOPLPUSH', 'l', 'KEY:l'],
  ['LPOP', 'l'],
  ['RPOP', 'l'],
  ['SADD', 'm', 'a'],
  ['SCARD', 'm'],
  ['SISMEMBER', 'm', 'a'],
  ['SMEMBERS', 'm'],
  ['SREM', 'm', 'b'],
  ['ZADD', 'z', '1', 'a'],
  ['ZCARD', 'z'],
  ['ZCOUNT', 'z', '0', '1'],
  ['ZSCORE', 'z', 'a'],
  ['ZRANGE', 'z', '0', '-1'],
  ['ZREVRANGE', 'z', '0', '-1'],
  ['ZRANGEBYSCORE', 'z', '0', '1'],
  ['ZREVRANGEBYSCORE', 'z', '1', '0'],
  ['ZRANGEBYLEX', 'z', '-', '+'],
  ['ZLEXCOUNT', 'z', '-', '+'],
  ['ZREM', 'z', 'b'],
  ['ZREMRANGEBYSCORE', 'z', '8', '9'],
  ['ZREMRANGEBYRANK', 'z', '8', '9'],
  ['ZPOPMIN', 'z'],
  ['XADD', 'x', 'MAXLEN', '~', '10', '*', 'a', '1'],
  ['XLEN', 'x'],
  ['XRANGE', 'x', '-', '+'],
  ['XREVRANGE', 'x', '+', '-'],
  ['XDEL', 'x', '1-1'],
  ['XTRIM', 'x', 'MAXLEN', '1'],
  ['RENAME', 's', 'KEY:t'],
  ['DEL', 't'],
  ['UNLINK', 'h'],
  ['UNLINK', 'l'],
  ['UNLINK', 'm'],
  ['UNLINK', 'z'],
  ['UNLINK', 'x'],
];

/** ARGV: the calls as JSON, a channel. Returns for each refused call its command and what Redis said. */
const SCRIPT = `
local refused = {}
local calls = cjson.decode(ARGV[1])
calls[#calls + 1] = {'PUBLISH', ARGV[2], ''}
calls[#calls + 1] = {'TIME'}
for _, call in ipairs(calls) do
  local reply = redis.pcall(unpack(call))
  if type(reply) == 'table' and reply.err then
    refused[#refused + 1] = call[1]
    refused[#refused + 1] = reply.err
  end
end
return refused`;

/** Keys that the probe may use: their hash tag is theirs, so that a script may use them all in a cluster. */
const SUFFIXES = [...new Set(CALLS.map(([, suffix]) => suffix)), 't'];

/** The arguments of EVAL: script, number of keys, keys, arguments. */
export function probeScript(
  key: string,
  channel: string,
): [script: string, count: number, ...args: string[]] {
  const calls = CALLS.map(([command, suffix, ...args]) => [
    command,
    `${key}:${suffix}`,
    ...args.map((text) => text.replace(/^KEY:/, `${key}:`)),
  ]);
  const names = SUFFIXES.map((suffix) => `${key}:${suffix}`);
  return [SCRIPT, names.length, ...names, JSON.stringify(calls), channel];
}

/** A few writes that show whether Redis accepts them: cheap enough to be made every two seconds. */
export const WRITE_SCRIPT = `
redis.call('SET', KEYS[1], '', 'PX', 60000)
redis.call('PUBLISH', ARGV[1], '')
return 1`;
