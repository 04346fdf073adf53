import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO_APP } from '../platform/app-config.js';
import { APP_ID, createTestClient } from '../testing/test-client.js';

const client = createTestClient();
beforeEach(client.start);
afterEach(client.stop);

const OK = { errcode: 0, errmsg: 'ok' };
const clear = (appid = APP_ID) => client.post('/cgi-bin/clear_quota', { appid }, client.auth());
const clearV2 = (query: Record<string, string>) => client.post('/cgi-bin/clear_quota/v2', '', query);

describe('POST /cgi-bin/clear_quota', () => {
  it('gives the day its quotas back, that of forced calls too', async () => {
    client.control().setLimits({ forcePerDay: 1, tokenPerDay: 1 });
    const auth = client.auth();
    await client.getToken();
    await client.stableToken({ force_refresh: true });
    client.control().advanceClock(30);
    expect((await client.getToken()).json.errcode).toBe(45009);
    expect((await client.stableToken({ force_refresh: true })).json.errcode).toBe(45009);
    expect((await client.post('/cgi-bin/clear_quota', { appid: APP_ID }, auth)).json).toEqual(OK);
    expect((await client.getToken()).json.expires_in).toBe(7200);
    expect((await client.stableToken({ force_refresh: true })).json.expires_in).toBe(7200);
  });

  it('may be called ten times a month, then answers 48006', async () => {
    for (let n = 0; n < 10; n++) expect((await clear()).json).toEqual(OK);
    expect((await clear()).json.errcode).toBe(48006);
    client.control().advanceClock(31 * 86_400);
    expect((await clear()).json).toEqual(OK);
  });

  it('answers 40013 to the id of another app', async () => {
    expect((await clear('wxffffffffffffffff')).json.errcode).toBe(40013);
  });
});

describe('POST /cgi-bin/clear_quota/v2', () => {
  it('takes app id and secret in query or body, and shares the ten times', async () => {
    client.control().setLimits({ clearQuotaPerMonth: 2 });
    const credentials = { appid: APP_ID, appsecret: DEMO_APP.secret };
    expect((await clearV2(credentials)).json).toEqual(OK);
    expect((await client.post('/cgi-bin/clear_quota/v2', credentials)).json).toEqual(OK);
    expect((await clear()).json.errcode).toBe(48006);
  });

  it('checks them', async () => {
    expect((await clearV2({})).json.errcode).toBe(41002);
    expect((await clearV2({ appid: APP_ID })).json.errcode).toBe(41004);
    expect((await clearV2({ appid: APP_ID, appsecret: 'wrong' })).json.errcode).toBe(40125);
  });
});
