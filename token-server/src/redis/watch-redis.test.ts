import { once } from 'node:events';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { type RedisWatch, watchRedis } from './watch-redis.js';

const CHECK_EVERY_MS = 5;
let watch: RedisWatch | undefined;
afterEach(() => watch?.stop());

/** A watch over a Redis that says what the test wants it to say. */
function start() {
  const lines: { level: number; msg: string }[] = [];
  const output = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      output.emit('line');
      done();
    },
  });
  const redis: { write: string | null; all: string | null } = { write: null, all: null };
  let recoveries = 0;
  const say = (answer: string | null) =>
    answer === null ? Promise.resolve() : Promise.reject(new Error(answer));
  watch = watchRedis({
    name: 'redis://host:6379/0',
    isEmbedded: false,
    log: pino(output),
    isConnected: () => true,
    probeWrite: () => say(redis.write),
    probeAll: () => say(redis.all),
    recovered: () => {
      recoveries += 1;
    },
    checkEveryMs: CHECK_EVERY_MS,
  });
  return { watch, redis, lines, nextLine: () => once(output, 'line'), recoveries: () => recoveries };
}

describe('a Redis that is watched', () => {
  it('is one warning with cause and remedy when it refuses to write, and one line when that is over', async () => {
    const { watch, redis, lines, nextLine, recoveries } = start();
    expect(watch.status()).toBe('reachable');
    redis.write = 'MISCONF Errors writing to the AOF file';
    await nextLine();
    expect(watch.status()).toBe('refusing');
    redis.write = null;
    await nextLine();
    expect(watch.status()).toBe('reachable');
    expect(recoveries()).toBe(1);
    expect(lines.map(({ msg }) => msg)).toEqual([
      'Redis at redis://host:6379/0 cannot be used, since it cannot write to its disk: free space on the disk of Redis, and read its log. Living tokens are given out from memory meanwhile.',
      'Redis at redis://host:6379/0 works again',
    ]);
  });

  it('is looked at closer when a command was refused, and stays refusing until all is granted again', async () => {
    const { watch, redis, lines, nextLine } = start();
    redis.all = "NOPERM this user has no permissions to run the 'xadd' command";
    watch.suspect(new Error(redis.all));
    await nextLine();
    expect(watch.status()).toBe('refusing');
    expect(lines[0]?.msg).toContain(
      "lacks rights in it (NOPERM this user has no permissions to run the 'xadd' command)",
    );
    redis.all = null;
    await nextLine();
    expect(watch.status()).toBe('reachable');
  });

  it('is unreachable with the cause that a new connection meets', async () => {
    const { watch, redis, lines, nextLine } = start();
    redis.write = "Stream isn't writeable and enableOfflineQueue options is false";
    redis.all = 'WRONGPASS invalid username-password pair';
    await nextLine();
    expect(lines[0]?.msg).toContain('it refuses the user or the password');
    expect(watch.status()).toBe('refusing');
  });

  it('is no warning when a command was refused for its own sake only', async () => {
    const { watch, redis, lines, nextLine } = start();
    watch.suspect(new Error('NOPERM once'));
    redis.write = 'OOM command not allowed';
    await nextLine();
    expect(lines).toHaveLength(1);
    expect(lines[0]?.msg).toContain('its memory is full');
  });
});
