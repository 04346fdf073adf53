import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO_APP } from '../platform/app-config.js';
import { APP_ID, createTestClient, NOON_MS } from '../testing/test-client.js';
import { ControlError } from './control-error.js';
import { operations } from './run-operation.js';

const client = createTestClient();
beforeEach(client.start);
afterEach(client.stop);

const control = () => client.control();
const read = async (name: string, query?: Record<string, string>) =>
  (await client.get(`/_sandbox/${name}`, query)).json.result;
const write = async (name: string, body: object = {}) =>
  (await client.post(`/_sandbox/${name}`, body)).json.result;
const dead = (token: string | undefined) => control().checkToken(APP_ID, token ?? '');

describe('revoke', () => {
  it('ends one token, or all of the app, at once', () => {
    const order = { appId: APP_ID, endpoint: 'token' } as const;
    const [old, current] = [control().foreignRefresh(order), control().foreignRefresh(order)];
    const stable = control().foreignRefresh({ ...order, endpoint: 'stable_token' });
    expect(control().revoke({ appId: APP_ID, token: old.accessToken })).toBe(1);
    expect([old, current, stable].map(({ accessToken }) => dead(accessToken))).toEqual([40001, 0, 0]);
    expect(control().revoke({ appId: APP_ID })).toBe(2);
    expect([old, current, stable].map(({ accessToken }) => dead(accessToken))).toEqual([40001, 40001, 40001]);
    expect(control().revoke({ appId: APP_ID })).toBe(0);
  });

  it('makes stable_token issue a new token on the next normal call', async () => {
    const { accessToken } = control().foreignRefresh({ appId: APP_ID, endpoint: 'stable_token' });
    control().revoke({ appId: APP_ID });
    expect((await client.stableToken()).json.access_token).not.toBe(accessToken);
  });

  it('lets stable_token hand the dead token out until it is forced, when stuck', async () => {
    const { accessToken } = control().foreignRefresh({ appId: APP_ID, endpoint: 'stable_token' });
    control().revoke({ appId: APP_ID, stuck: true });
    expect((await client.stableToken()).json.access_token).toBe(accessToken);
    expect(dead(accessToken)).toBe(40001);
    const forced = (await client.stableToken({ force_refresh: true })).json;
    expect(dead(String(forced.access_token))).toBe(0);
    expect(dead(accessToken)).toBe(40001);
  });
});

describe('foreignRefresh', () => {
  it('takes the place of the current token, as any call would', async () => {
    const mine = String((await client.getToken()).json.access_token);
    const theirs = control().foreignRefresh({ appId: APP_ID, endpoint: 'token' });
    expect(theirs).toMatchObject({ expiresIn: 7200, issuedAtMs: NOON_MS, expiresAtMs: NOON_MS + 7_200_000 });
    control().advanceClock(300);
    expect([dead(mine), dead(theirs.accessToken)]).toEqual([40001, 0]);
  });

  it('gets the same token in stable normal mode, a new one when it forces', () => {
    const order = { appId: APP_ID, endpoint: 'stable_token' } as const;
    const { accessToken } = control().foreignRefresh(order);
    expect(control().foreignRefresh(order).accessToken).toBe(accessToken);
    expect(control().foreignRefresh({ ...order, forceRefresh: true }).accessToken).not.toBe(accessToken);
    expect(control().counters(APP_ID)).toMatchObject({ tokensIssued: { stable: 2 }, forced: 1, foreign: 3 });
  });

  it('is bound by the quotas', () => {
    control().setLimits({ tokenPerDay: 0 });
    expect(() => control().foreignRefresh({ appId: APP_ID, endpoint: 'token' })).toThrow(/45009/);
  });
});

describe('apps', () => {
  it('come and go; their tokens go with them', async () => {
    control().putApp({ appId: 'wxnew', secret: 's' });
    expect(
      control()
        .apps()
        .map(({ appId }) => appId),
    ).toEqual([APP_ID, 'wxnew']);
    const token = String((await client.getToken({ appid: 'wxnew', secret: 's' })).json.access_token);
    control().removeApp('wxnew');
    expect((await client.getToken({ appid: 'wxnew', secret: 's' })).json.errcode).toBe(40013);
    const { json } = await client.get('/cgi-bin/getcallbackip', { access_token: token });
    expect(json.errcode).toBe(40001);
  });

  it('are told of without their secret', () => {
    expect(JSON.stringify(control().apps())).not.toContain(DEMO_APP.secret);
    expect(control().putApp(DEMO_APP)).not.toHaveProperty('secret');
  });
});

describe('counters', () => {
  it('tell what happened to one app, and to all together', async () => {
    control().putApp({ appId: 'wxother', secret: 'other' });
    await client.getToken();
    await client.getToken({ secret: 'wrong' });
    await client.stableToken();
    await client.getToken({ appid: 'wxother', secret: 'other' });
    await client.get('/cgi-bin/getcallbackip', { access_token: 'unknown' });
    await client.get('/cgi-bin/getcallbackip', client.auth());
    expect(control().counters(APP_ID)).toMatchObject({
      tokensIssued: { token: 1, stable: 1 },
      verifications: 1,
      calls: { '/cgi-bin/token': 2, '/cgi-bin/stable_token': 1, '/cgi-bin/getcallbackip': 1 },
      errcodes: { '40125': 1 },
      paths: { '/cgi-bin/token': { calls: 2, errcodes: { '40125': 1 } } },
    });
    expect(control().counters()).toMatchObject({
      tokensIssued: { token: 2, stable: 1 },
      verifications: 2,
      errcodes: { '40125': 1, '40001': 1 },
    });
  });

  it('tell whose a dead token was', async () => {
    const { access_token } = client.auth();
    control().revoke({ appId: APP_ID });
    await client.get('/cgi-bin/getcallbackip', { access_token });
    expect(control().counters(APP_ID).errcodes).toEqual({ '40001': 1 });
    expect(control().calls({ errcode: 40001 })).toEqual([
      expect.objectContaining({ atMs: NOON_MS, appId: APP_ID, token: access_token }),
    ]);
  });

  it('hold paths that do not exist in one place', async () => {
    await client.get('/a');
    await client.get('/b');
    expect(control().counters().calls).toEqual({ 'unknown path': 2 });
  });
});

describe('calls', () => {
  it('never tell a secret', async () => {
    await client.getToken();
    await client.stableToken();
    const told = JSON.stringify([control().calls(), await read('calls')]);
    expect(told).toContain('"secret":"***"');
    expect(told).not.toContain(DEMO_APP.secret);
  });
});

describe('reset', () => {
  it('takes the sandbox back to how it was started', async () => {
    const token = String((await client.getToken()).json.access_token);
    control().advanceClock(100);
    control().putApp({ appId: 'wxnew', secret: 's' });
    control().setLifetimes({ tokenSeconds: 5 });
    control().addFault({ kind: 'hang', times: 0 });
    control().reset();
    expect(control().nowMs()).toBe(NOON_MS);
    expect(control().apps()).toHaveLength(1);
    expect(control().calls()).toEqual([]);
    expect(control().checkToken(APP_ID, token)).toBe(40001);
    expect((await client.getToken()).json.expires_in).toBe(7200);
  });
});

describe('over HTTP', () => {
  it('every operation is listed, with what it does', async () => {
    const { json } = await client.get('/_sandbox');
    const names = (json.operations as { name: string; summary: string }[]).map(({ name }) => name);
    expect(names).toEqual(Object.keys(operations));
  });

  it('what is written there is read here, and the other way round', async () => {
    expect(await write('advance-clock', { seconds: 1.5 })).toBe(NOON_MS + 1_500);
    expect(await read('clock')).toBe(control().nowMs());
    expect(await write('set-lifetimes', { tokenSeconds: 60 })).toMatchObject({
      tokenSeconds: 60,
      overlapSeconds: 300,
    });
    expect(control().setLifetimes({})).toMatchObject({ tokenSeconds: 60 });
    expect(await write('set-limits', { forcePerDay: 1 })).toEqual(control().setLimits({}));
    expect(await write('foreign-refresh', { appId: APP_ID, endpoint: 'token' })).toEqual(
      control().currentTokens(APP_ID).token,
    );
    const token = control().currentTokens(APP_ID).token?.accessToken ?? '';
    expect(await read('current-tokens', { appId: APP_ID })).toEqual(control().currentTokens(APP_ID));
    expect(await read('check-token', { token })).toBe(0);
    expect(await read('check-token', { token, appId: 'wxother' })).toBe(40001);
    expect(await write('revoke', { appId: APP_ID })).toBe(1);
    expect(await read('check-token', { token, appId: APP_ID })).toBe(40001);
    await client.getToken();
    expect(await read('counters', { appId: APP_ID })).toEqual(control().counters(APP_ID));
    expect(await read('calls', { last: '1', errcode: '0' })).toEqual(
      control().calls({ last: 1, errcode: 0 }),
    );
    expect(await read('apps')).toEqual(control().apps());
  });

  it('faults, whitelist, freezing, secret and apps can be set', async () => {
    const id = await write('add-fault', { kind: 'errcode', errcode: -1, times: 'forever' });
    expect((await client.getToken()).json.errcode).toBe(-1);
    const cleared = await write('clear-faults', { id });
    expect(cleared).toBe(1);
    await write('set-caller-address', { address: '9.9.9.9' });
    await write('set-whitelist', { appId: APP_ID, addresses: ['8.8.8.8'] });
    expect((await client.getToken()).json.errcode).toBe(40164);
    await write('set-caller-address', { address: null });
    await write('set-whitelist', { appId: APP_ID, addresses: null });
    await write('freeze', { appId: APP_ID });
    expect((await client.getToken()).json.errcode).toBe(40243);
    await write('unfreeze', { appId: APP_ID });
    await write('set-secret', { appId: APP_ID, secret: 'new' });
    expect((await client.getToken({ secret: 'new' })).json.expires_in).toBe(7200);
    await write('put-app', { appId: 'wxnew', secret: 's' });
    await write('remove-app', { appId: APP_ID });
    expect(control().apps()).toEqual([expect.objectContaining({ appId: 'wxnew' })]);
    expect(await write('reset')).toBeNull();
    expect(control().apps()).toEqual([expect.objectContaining({ appId: APP_ID })]);
  });

  it.each([
    ['advance-clock', { seconds: -1 }, 400, /seconds/],
    ['advance-clock', { second: 1 }, 400, /second/],
    ['set-lifetimes', { tokenSeconds: 60, overlapSeconds: '10' }, 400, /overlapSeconds/],
    ['add-fault', { kind: 'explode' }, 400, /kind/],
    ['add-fault', { kind: 'status', status: 404 }, 400, /status/],
    ['revoke', {}, 400, /appId/],
    ['revoke', { appId: 'wxnobody' }, 404, /no app wxnobody/],
    ['no-such-thing', {}, 404, /no operation no-such-thing/],
    ['constructor', {}, 404, /no operation/],
    ['freeze', '{"appId":', 400, /not JSON/],
    ['foreign-refresh', { appId: APP_ID, endpoint: 'token' }, 409, /45009/],
  ])('%s %j is refused with %d and a reason, and nothing is changed', async (name, body, status, reason) => {
    control().setLimits({ tokenPerDay: 0 });
    const answer = await client.post(`/_sandbox/${name}`, body);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ error: expect.stringMatching(reason) });
    expect(control().nowMs()).toBe(NOON_MS);
    expect(control().setLifetimes({})).toMatchObject({ tokenSeconds: 7200 });
    expect(control().clearFaults()).toBe(0);
  });

  it('what changes something cannot be done by GET', async () => {
    expect((await client.get('/_sandbox/reset')).status).toBe(405);
    expect((await client.call('/_sandbox/clock', {}, { method: 'DELETE' })).status).toBe(405);
  });
});

it('a wrong argument throws a ControlError that names it', () => {
  expect(() => control().advanceClock(Number.NaN)).toThrow(ControlError);
  expect(() => control().advanceClock(Number.NaN)).toThrow(/seconds/);
  expect(() => control().freeze('wxnobody')).toThrow(/no app wxnobody/);
});
