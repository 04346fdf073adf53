import { describe, expect, it } from '@jest/globals';
import { CallLog } from './call-log.js';

const entry = (atMs: number, path = '/cgi-bin/token') => ({ atMs, method: 'GET', path, query: {} });

describe('CallLog', () => {
  it('keeps the last 10,000 calls, the oldest first', () => {
    const log = new CallLog();
    for (let n = 0; n < 25_000; n++) log.add(entry(n));
    const listed = log.list();
    expect(listed).toHaveLength(10_000);
    expect([listed[0]?.atMs, listed.at(-1)?.atMs]).toEqual([15_000, 24_999]);
  });

  it('lists what fits the filter, and only the last of these', () => {
    const log = new CallLog();
    log.add({ ...entry(1), appId: 'wx1', errcode: 0 });
    log.add({ ...entry(2, '/a'), appId: 'wx1', errcode: 40001 });
    log.add({ ...entry(3, '/a'), appId: 'wx2', errcode: 40001 });
    const times = (...[filter]: Parameters<typeof log.list>) => log.list(filter).map(({ atMs }) => atMs);
    expect(times({ appId: 'wx1' })).toEqual([1, 2]);
    expect(times({ path: '/a', errcode: 40001 })).toEqual([2, 3]);
    expect(times({ last: 1 })).toEqual([3]);
    expect(times({ last: 0 })).toEqual([]);
  });

  it('masks secrets in query and body, at whatever depth', () => {
    const log = new CallLog();
    const body = { secret: 's3cret', list: [{ appsecret: 's3cret' }], content: 'secret' };
    log.add({ ...entry(1), query: { appid: 'wx1', secret: 's3cret' }, body });
    expect(JSON.stringify(log.list())).not.toContain('s3cret');
    expect(log.list()[0]?.body).toMatchObject({ secret: '***', content: 'secret' });
  });
});
