import { describe, expect, it } from '@jest/globals';
import type { Credential } from '@zhongkong/jobs';
import { readinessOf } from './operation.js';

const token = (isAlive: boolean) =>
  ({
    live: () => (isAlive ? {} : null),
    state: () => ({ failure: { kind: 'misconfigured', errcode: 40125 } }),
  }) as unknown as Credential;
const alive = { appId: 'wx1', token: token(true) };
const dead = { appId: 'wx2', token: token(false) };
const unknown = { appId: 'wx3', token: undefined };
const lacking = [{ appId: 'wx2', code: 'token_unavailable', kind: 'misconfigured', errcode: 40125 }];

describe('readiness', () => {
  it.each([
    ['all apps are alive', [alive], true, 'ready', []],
    ['one app of two is alive', [alive, dead], true, 'ready', lacking],
    ['Redis is away and an app is alive', [alive, dead], false, 'ready', lacking],
    ['no app is alive', [dead], true, 'not_ready', lacking],
    ['there is no such app', [unknown], true, 'not_ready', [{ appId: 'wx3', code: 'unknown_app' }]],
    ['there are no apps', [], true, 'ready', []],
    ['there are no apps and Redis is away', [], false, 'not_ready', []],
  ])('when %s', (_when, apps, isRedisReachable, status, listed) => {
    expect(readinessOf({ apps, isRedisReachable, isStopping: false })).toEqual({
      status,
      redis: isRedisReachable ? 'reachable' : 'unreachable',
      apps: listed,
    });
  });

  it('ends when the server stops', () => {
    expect(readinessOf({ apps: [alive], isRedisReachable: true, isStopping: true }).status).toBe('stopping');
  });
});
