import { describe, expect, it } from '@jest/globals';
import type { AccessLogMode } from '../config/config.js';
import { type AnsweredRequest, createAccessLog, ERROR_LINES_PER_SECOND } from './access-log.js';

function collect(mode: AccessLogMode) {
  const lines: { level: string; fields: object }[] = [];
  const add = (level: string) => (fields: object) => void lines.push({ level, fields });
  const write = createAccessLog({ info: add('info'), debug: add('debug') } as never, mode);
  return { lines, write };
}

const request = (more: Partial<AnsweredRequest> = {}): AnsweredRequest => ({
  method: 'GET',
  path: '/v1/apps',
  status: 200,
  client: 'c',
  address: '10.0.0.1',
  requestId: 'r',
  tookMs: 1,
  ...more,
});

describe('the access log', () => {
  it.each<[AccessLogMode, Partial<AnsweredRequest>, 'info' | 'debug']>([
    ['off', { status: 500 }, 'debug'],
    ['errors', { status: 200 }, 'debug'],
    ['errors', { status: 304 }, 'debug'],
    ['errors', { status: 401 }, 'info'],
    ['errors', { status: 503 }, 'info'],
    ['errors', { status: 200, errcode: 40125 }, 'info'],
    ['all', { status: 200 }, 'info'],
    ['all', { status: 503 }, 'info'],
  ])('%s writes a request with %j at level %s', (mode, more, level) => {
    const { lines, write } = collect(mode);
    write(request(more));
    expect(lines).toEqual([{ level, fields: request(more) }]);
  });

  it('has no more than some failed requests in a second, then says how many it left out', async () => {
    const { lines, write } = collect('errors');
    for (let count = 0; count < ERROR_LINES_PER_SECOND + 7; count += 1) write(request({ status: 503 }));
    expect(lines.filter(({ level }) => level === 'info')).toHaveLength(ERROR_LINES_PER_SECOND);
    const deadline = Date.now() + 10_000;
    while (lines.length === ERROR_LINES_PER_SECOND + 7 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(lines.at(-1)).toEqual({ level: 'info', fields: { omitted: 7 } });
    write(request({ status: 503 }));
    expect(lines.at(-1)?.level).toBe('info');
  });
});
