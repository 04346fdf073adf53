/**
 * The compare-and-set steps that must not be torn apart. Each is one round trip. The holder written by `open`
 * is the fence: a save is accepted from the last taker of the lease only, however late it comes, and whether or
 * not its lease has run out.
 */

/**
 * KEYS lease, data. ARGV owner, lease ms. Returns {1, state or false} when taken, {0, ms until it ends} when not. What
 * only a foreign hand can have written does not block a credential: a lease that lives too long gets an end, and a key
 * of another type is dropped.
 */
export const OPEN = `
local type = redis.call('TYPE', KEYS[2])['ok']
if type ~= 'hash' and type ~= 'none' then redis.call('DEL', KEYS[2]) end
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  redis.call('HSET', KEYS[2], 'holder', ARGV[1])
  return {1, redis.call('HGET', KEYS[2], 'state')}
end
local left = redis.call('PTTL', KEYS[1])
if left < 0 or left > tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  left = tonumber(ARGV[2])
end
return {0, left}`;

/** KEYS lease. ARGV owner, lease ms. Returns 1 when the lease is still the owner's and goes on, else 0. */
export const RENEW = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0`;

/** KEYS data. ARGV owner, state, channel, message. Returns 1 when saved and announced, 0 when another took over. */
export const SAVE = `
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'state', ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1`;

/** KEYS lease. ARGV owner, channel, message. Returns 1 when given back and announced, 0 when it was no longer the owner's. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('PUBLISH', ARGV[2], ARGV[3])
  return 1
end
return 0`;
