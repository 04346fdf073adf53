import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { APP_ID, createTestClient } from '../testing/test-client.js';

const client = createTestClient();
beforeEach(client.start);
afterEach(client.stop);

const ask = async (forceRefresh?: boolean) => {
  const { json } = await client.stableToken(
    forceRefresh === undefined ? {} : { force_refresh: forceRefresh },
  );
  return { token: String(json.access_token), expiresIn: json.expires_in, errcode: json.errcode };
};
const check = (token: string) => client.control().checkToken(APP_ID, token);

describe('POST /cgi-bin/stable_token in normal mode', () => {
  it('answers the same token and the seconds that are left of it', async () => {
    const first = await ask();
    expect(first.expiresIn).toBe(7200);
    client.control().advanceClock(1234);
    expect(await ask(false)).toEqual({ ...first, expiresIn: 5966 });
  });

  it('answers a new token in the last 300 seconds, and both live on for what is left of the old one', async () => {
    const old = await ask();
    client.control().advanceClock(6899);
    expect(await ask()).toEqual({ ...old, expiresIn: 301 });
    client.control().advanceClock(1);
    const fresh = await ask();
    expect(fresh).toMatchObject({ expiresIn: 7200 });
    expect(fresh.token).not.toBe(old.token);
    client.control().advanceClock(299);
    expect([check(old.token), check(fresh.token)]).toEqual([0, 0]);
    client.control().advanceClock(1);
    expect([check(old.token), check(fresh.token)]).toEqual([40001, 0]);
  });

  it('answers a new token after the old one aged out, which stays 42001', async () => {
    const old = await ask();
    client.control().advanceClock(7200);
    expect(check(old.token)).toBe(42001);
    expect((await ask()).token).not.toBe(old.token);
    expect(check(old.token)).toBe(42001);
  });

  it('is limited by the minute with 45011 and by the day with 45009', async () => {
    client.control().setLimits({ stablePerMinute: 2, stablePerDay: 3 });
    await ask();
    await ask();
    expect((await ask()).errcode).toBe(45011);
    client.control().advanceClock(60);
    expect((await ask()).errcode).toBe(45009);
  });
});

describe('POST /cgi-bin/stable_token in forced mode', () => {
  it('answers a new token; the old one lives for the overlap', async () => {
    const old = await ask();
    client.control().advanceClock(100);
    const fresh = await ask(true);
    expect(fresh).toMatchObject({ expiresIn: 7200 });
    expect(fresh.token).not.toBe(old.token);
    client.control().advanceClock(299);
    expect(check(old.token)).toBe(0);
    client.control().advanceClock(1);
    expect(check(old.token)).toBe(40001);
  });

  it('refreshes nothing within 30 seconds of the last forced call', async () => {
    const forced = await ask(true);
    client.control().advanceClock(29);
    expect(await ask(true)).toEqual({ ...forced, expiresIn: 7171 });
    client.control().advanceClock(1);
    expect((await ask(true)).token).not.toBe(forced.token);
    expect(client.control().counters(APP_ID).forced).toBe(2);
  });

  it('ends a leaked token for good with two calls 30 seconds apart', async () => {
    const leaked = await ask();
    await ask(true);
    expect(check(leaked.token)).toBe(0);
    client.control().advanceClock(30);
    await ask(true);
    expect(check(leaked.token)).toBe(40001);
  });

  it('answers the 21st call of a day with 45009, while normal mode goes on', async () => {
    for (let n = 0; n < 20; n++) {
      expect((await ask(true)).errcode).toBeUndefined();
      client.control().advanceClock(30);
    }
    expect((await ask(true)).errcode).toBe(45009);
    expect((await ask()).errcode).toBeUndefined();
    client.control().advanceClock(12 * 3600);
    expect((await ask(true)).expiresIn).toBe(7200);
  });
});

describe('POST /cgi-bin/stable_token', () => {
  it('never touches the tokens of /cgi-bin/token, nor the other way round', async () => {
    client.control().setLifetimes({ overlapSeconds: 0 });
    const stable = await ask();
    const classic = String((await client.getToken()).json.access_token);
    expect([check(stable.token), check(classic)]).toEqual([0, 0]);
    await ask(true);
    expect(check(classic)).toBe(0);
    const newStable = await ask();
    await client.getToken();
    expect(check(newStable.token)).toBe(0);
  });

  it('refuses GET, an empty body, a form, and a force_refresh that is no boolean', async () => {
    const path = '/cgi-bin/stable_token';
    expect((await client.get(path)).json.errcode).toBe(43002);
    expect((await client.post(path, '')).json.errcode).toBe(44002);
    expect((await client.post(path, 'grant_type=client_credential&appid=wx1')).json.errcode).toBe(47001);
    expect((await client.stableToken({ force_refresh: 'true' })).json.errcode).toBe(47001);
  });

  it('checks as /cgi-bin/token does, in the same order', async () => {
    const errcode = async (body: object) =>
      (await client.stableToken({ appid: '', grant_type: '', secret: '', ...body })).json.errcode;
    expect(await errcode({})).toBe(41002);
    expect(await errcode({ appid: 'nonsense' })).toBe(40013);
    expect(await errcode({ appid: APP_ID })).toBe(40002);
    expect(await errcode({ appid: APP_ID, grant_type: 'client_credential' })).toBe(41004);
    expect((await client.stableToken({ secret: 'wrong' })).json.errcode).toBe(40125);
    client.control().freeze(APP_ID);
    expect((await client.stableToken()).json.errcode).toBe(40243);
    client.control().setWhitelist(APP_ID, []);
    expect((await client.stableToken()).json.errcode).toBe(40164);
  });

  it('takes lifetimes for tokens issued from then on', async () => {
    const old = await ask();
    client.control().setLifetimes({ tokenSeconds: 12 });
    expect(await ask()).toEqual(old);
    client.control().advanceClock(6900);
    const short = await ask();
    expect(short.expiresIn).toBe(12);
    client.control().advanceClock(5);
    expect(await ask()).toEqual({ ...short, expiresIn: 7 });
    client.control().advanceClock(1);
    expect((await ask()).token).not.toBe(short.token);
  });
});
