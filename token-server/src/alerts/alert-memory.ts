import type { RedisClient } from '@zhongkong/jobs';

/** After an alert is over, the same one is not sent again for so long, however often it comes and goes. */
const QUIET_MS = 600_000;
/** What no server knows any more, such as an app that was removed while none ran, is forgotten after this time. */
const FORGET_MS = 7 * 86_400_000;

/**
 * `ARGV`: field, what happens (`begin`, `end`, `forget`), now, quiet time, time to forget. The value of a field is
 * `firing <since>` or `quiet <since>`. Answers 1 to the one server that has changed it.
 */
const CHANGE = `
local value = redis.call('HGET', KEYS[1], ARGV[1])
local state, since = '', 0
if value then
  state, since = string.match(value, '^(%a+) (%d+)$')
  since = tonumber(since or 0)
end
local now = tonumber(ARGV[3])
if ARGV[2] == 'begin' then
  if state == 'firing' or (state == 'quiet' and now < since + tonumber(ARGV[4])) then return 0 end
  redis.call('HSET', KEYS[1], ARGV[1], 'firing ' .. ARGV[3])
  return 1
end
if ARGV[2] == 'end' then
  if state ~= 'firing' then return 0 end
  redis.call('HSET', KEYS[1], ARGV[1], 'quiet ' .. ARGV[3])
  return 1
end
if (state == 'quiet' and now >= since + tonumber(ARGV[4])) or now >= since + tonumber(ARGV[5]) then
  redis.call('HDEL', KEYS[1], ARGV[1])
end
return 0
`;

/** What was announced, in Redis: so one server of several sends, and a restart repeats nothing. */
export interface AlertMemory {
  /** The names of all alerts that are on, or were a while ago. */
  read(): Promise<Map<string, { isFiring: boolean }>>;
  /** @returns whether this server is the one that announces it */
  begin(name: string): Promise<boolean>;
  end(name: string): Promise<boolean>;
  /** Forgets one that has been over for long. */
  forget(name: string): Promise<void>;
}

export function createAlertMemory(redis: RedisClient, key: string, nowMs: () => number): AlertMemory {
  const change = async (name: string, what: 'begin' | 'end' | 'forget') => {
    const times = [Math.floor(nowMs()), QUIET_MS, FORGET_MS];
    return (await redis.eval(CHANGE, 1, key, name, what, ...times)) === 1;
  };
  return {
    async read() {
      const values = Object.entries(await redis.hgetall(key));
      return new Map(values.map(([name, value]) => [name, { isFiring: value.startsWith('firing ') }]));
    },
    begin: (name) => change(name, 'begin'),
    end: (name) => change(name, 'end'),
    async forget(name) {
      await change(name, 'forget');
    },
  };
}
