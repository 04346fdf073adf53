import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { APP_ID, createTestClient } from '../testing/test-client.js';

const client = createTestClient();
beforeEach(client.start);
afterEach(client.stop);

const tokenOf = async () => String((await client.getToken()).json.access_token);

describe('GET /cgi-bin/token', () => {
  it('answers a token and 7200 seconds, no errcode, with HTTP 200 and the content type of the platform', async () => {
    const { status, headers, json } = await client.getToken();
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; encoding=utf-8');
    expect(json).toEqual({ access_token: expect.stringMatching(/^\d\d_[\w-]{140}$/), expires_in: 7200 });
  });

  it('issues a new token on each call, and lets the old one live for 300 seconds', async () => {
    const old = await tokenOf();
    const fresh = await tokenOf();
    expect(fresh).not.toBe(old);
    client.control().advanceClock(299);
    expect(client.control().checkToken(APP_ID, old)).toBe(0);
    client.control().advanceClock(1);
    expect(client.control().checkToken(APP_ID, old)).toBe(40001);
    expect(client.control().checkToken(APP_ID, fresh)).toBe(0);
  });

  it('drops the token before the old one at once', async () => {
    const tokens = [await tokenOf(), await tokenOf(), await tokenOf()];
    expect(tokens.map((token) => client.control().checkToken(APP_ID, token))).toEqual([40001, 0, 0]);
  });

  it('ends the old token at once when the overlap is 0', async () => {
    client.control().setLifetimes({ overlapSeconds: 0 });
    const old = await tokenOf();
    await tokenOf();
    expect(client.control().checkToken(APP_ID, old)).toBe(40001);
  });

  it('answers 45009 after 2,000 calls of a day, until midnight in Shanghai', async () => {
    client.control().setLimits({ tokenPerDay: 2 });
    await tokenOf();
    await tokenOf();
    expect((await client.getToken()).json).toMatchObject({ errcode: 45009 });
    client.control().advanceClock(12 * 3600 - 1);
    expect((await client.getToken()).json).toMatchObject({ errcode: 45009 });
    client.control().advanceClock(1);
    expect((await client.getToken()).json).toMatchObject({ expires_in: 7200 });
  });

  it('answers POST with 43001', async () => {
    expect((await client.post('/cgi-bin/token', '')).json).toMatchObject({ errcode: 43001 });
  });
});

describe('the checks of GET /cgi-bin/token', () => {
  it('come in their order: what is mended uncovers the next', async () => {
    const { control } = client;
    control().setWhitelist(APP_ID, ['10.0.0.1']);
    control().freeze(APP_ID);
    control().setLimits({ tokenPerDay: 0 });
    const errcode = async (query: Record<string, string>) =>
      (await client.getToken({ appid: '', grant_type: '', secret: '', ...query })).json.errcode;
    expect(await errcode({})).toBe(41002);
    expect(await errcode({ appid: 'nonsense' })).toBe(40013);
    expect(await errcode({ appid: APP_ID })).toBe(40002);
    const named = { appid: APP_ID, grant_type: 'client_credential' };
    expect(await errcode(named)).toBe(41004);
    expect(await errcode({ ...named, secret: 'wrong' })).toBe(40164);
    control().setWhitelist(APP_ID, ['10.0.0.1', '127.0.0.1']);
    expect(await errcode({ ...named, secret: 'wrong' })).toBe(40243);
    control().unfreeze(APP_ID);
    expect(await errcode({ ...named, secret: 'wrong' })).toBe(40125);
    expect((await client.getToken()).json.errcode).toBe(45009);
  });

  it('tell the caller the address that is not on the whitelist', async () => {
    client.control().setWhitelist(APP_ID, ['10.0.0.1']);
    client.control().setCallerAddress('1.2.3.4');
    expect((await client.getToken()).json.errmsg).toMatch(
      /^invalid ip 1\.2\.3\.4 ipv6 ::ffff:1\.2\.3\.4, not in whitelist rid: [0-9a-f]{8}(-[0-9a-f]{8}){2}$/,
    );
    client.control().setCallerAddress('10.0.0.1');
    expect((await client.getToken()).json).toMatchObject({ expires_in: 7200 });
  });

  it('take the new secret, and no longer the old one, after a change; tokens stay alive', async () => {
    const token = await tokenOf();
    client.control().setSecret(APP_ID, 'new');
    expect((await client.getToken()).json.errcode).toBe(40125);
    expect((await client.getToken({ secret: 'new' })).json).toMatchObject({ expires_in: 7200 });
    expect(client.control().checkToken(APP_ID, token)).toBe(0);
  });
});
