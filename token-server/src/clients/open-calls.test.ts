import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { ClientSettings } from '../config/config.js';
import { OpenCalls } from './open-calls.js';

const CLIENT: ClientSettings = {
  id: 'file-1',
  keyId: 'file-1-key',
  source: 'file',
  name: 'orders',
  keySha256: 'a'.repeat(64),
  apps: ['wx1'],
  scopes: ['token:read'],
};

function callsOf(found: ClientSettings | undefined) {
  let client = found;
  const calls = new OpenCalls({ findByHash: () => client });
  const becomes = (next: ClientSettings | undefined) => {
    client = next;
  };
  return { calls, becomes };
}

/** An answer that is under way. */
function open(calls: OpenCalls, client = CLIENT) {
  const response = new EventEmitter() as ServerResponse & { isEnded?: boolean };
  response.destroy = () => {
    response.isEnded = true;
    response.emit('close');
    return response;
  };
  calls.track(client, response);
  return response;
}

describe('a long call of a client', () => {
  it.each<[string, ClientSettings | undefined, boolean]>([
    ['goes on while nothing has changed', { ...CLIENT }, false],
    ['ends when its key is revoked or its time is over', undefined, true],
    ['ends when the apps of its client change', { ...CLIENT, apps: ['wx2'] }, true],
    ['ends when the scopes of its client change', { ...CLIENT, scopes: ['token:refresh'] }, true],
  ])('%s', (_case, next, isEnded) => {
    const { calls, becomes } = callsOf(CLIENT);
    const response = open(calls);
    becomes(next);
    calls.check();
    expect(response.isEnded === true).toBe(isEnded);
  });

  it('with the rights of before ends when one with new rights comes, which goes on', () => {
    const changed = { ...CLIENT, apps: ['*'] };
    const { calls, becomes } = callsOf(CLIENT);
    const old = open(calls);
    becomes(changed);
    const fresh = open(calls, changed);
    calls.check();
    expect([old.isEnded, fresh.isEnded]).toEqual([true, undefined]);
  });
});
