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
    ['all apps are alive', [alive], 'reachable', 'ready', []],
    ['one app of two is alive', [alive, dead], 'reachable', 'ready', lacking],
    ['Redis is away and an app is alive', [alive, dead], 'unreachable', 'ready', lacking],
    ['no app is alive', [dead], 'reachable', 'not_ready', lacking],
    ['there is no such app', [unknown], 'reachable', 'not_ready', [{ appId: 'wx3', code: 'unknown_app' }]],
    ['there are no apps', [], 'reachable', 'ready', []],
    ['Redis refuses and an app is alive', [alive], 'refusing', 'ready', []],
    ['there are no apps and Redis is away', [], 'unreachable', 'not_ready', []],
  ] as const)('when %s', (_when, apps, redis, status, listed) => {
    expect(readinessOf({ apps, redis, isStopping: false })).toEqual({
      status,
      redis,
      apps: listed,
    });
  });

  it('ends when the server stops', () => {
    expect(readinessOf({ apps: [alive], redis: 'reachable', isStopping: true }).status).toBe('stopping');
  });
});
