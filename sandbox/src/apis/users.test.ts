import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO_APP } from '../platform/app-config.js';
import { APP_ID, createTestClient, OPENID } from '../testing/test-client.js';

const client = createTestClient();
beforeEach(client.start);
afterEach(client.stop);

const CODE = '0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P';

describe('GET /sns/jscode2session', () => {
  const query = { appid: APP_ID, secret: DEMO_APP.secret, grant_type: 'authorization_code', js_code: CODE };
  const login = async (part: Record<string, string> = {}) =>
    (await client.get('/sns/jscode2session', { ...query, ...part })).json;

  it('answers session key, openid and unionid, and no errcode', async () => {
    expect(await login()).toEqual({
      session_key: expect.stringMatching(/^[\w+/]{22}==$/),
      openid: expect.stringMatching(/^o[\w-]{27}$/),
      unionid: expect.stringMatching(/^o[\w-]{27}$/),
    });
  });

  it('knows no unionid for an app that is not bound to an Open Platform account', async () => {
    client.control().putApp({ ...DEMO_APP, openPlatform: false });
    expect(await login()).not.toHaveProperty('unionid');
  });

  it('answers the user whose code was made through the control interface', async () => {
    const { code } = client.control().addLoginCode({ appId: APP_ID, openid: OPENID });
    expect((await login({ js_code: code })).openid).toBe(OPENID);
  });

  it('answers 40163 to a code that was used, 40029 to one that is too old or none', async () => {
    await login();
    expect(await login()).toEqual({
      errcode: 40163,
      errmsg: expect.stringMatching(/^code been used, rid: /),
    });
    const { code } = client.control().addLoginCode({ appId: APP_ID });
    client.control().advanceClock(300);
    expect((await login({ js_code: code })).errcode).toBe(40029);
    expect((await login({ js_code: 'nonsense' })).errmsg).toMatch(/^invalid code, rid: /);
  });

  it('lets a user log in 100 times a minute, then answers 45011', async () => {
    client.control().setLimits({ sessionsPerMinute: 2 });
    const again = async () => {
      const { code } = client.control().addLoginCode({ appId: APP_ID, openid: OPENID });
      return (await login({ js_code: code })).errcode;
    };
    expect([await again(), await again(), await again()]).toEqual([undefined, undefined, 45011]);
    expect((await login()).errcode).toBeUndefined();
    client.control().advanceClock(60);
    expect(await again()).toBeUndefined();
  });

  it('checks its parameters, which belong into the query', async () => {
    expect((await login({ appid: '' })).errcode).toBe(41002);
    expect((await login({ appid: 'wx' })).errmsg).toMatch(/^invalid appid, rid: /);
    expect((await login({ grant_type: 'client_credential' })).errcode).toBe(40002);
    expect((await login({ secret: '' })).errcode).toBe(41004);
    expect((await login({ secret: 'wrong' })).errcode).toBe(40125);
    expect((await login({ js_code: '' })).errcode).toBe(41008);
    expect((await client.post('/sns/jscode2session', query)).json.errcode).toBe(41002);
  });

  it('is closed to addresses that are not on the whitelist', async () => {
    client.control().setWhitelist(APP_ID, ['10.0.0.1']);
    expect((await login()).errcode).toBe(40164);
  });
});

describe('GET /wxa/getpaidunionid', () => {
  const transaction = '4200001234202611220123456789';
  const ask = async (query: Record<string, string>) =>
    (await client.get('/wxa/getpaidunionid', { ...client.auth(), openid: OPENID, ...query })).json;

  it('answers the unionid by either kind of order number, and the same that a login gives', async () => {
    const { code } = client.control().addLoginCode({ appId: APP_ID, openid: OPENID });
    const query = { appid: APP_ID, secret: DEMO_APP.secret, grant_type: 'authorization_code', js_code: code };
    const { unionid } = (await client.get('/sns/jscode2session', query)).json;
    expect(await ask({ transaction_id: transaction })).toEqual({ errcode: 0, errmsg: 'ok', unionid });
    expect(await ask({ mch_id: '1230000109', out_trade_no: 'order_20261122' })).toMatchObject({ unionid });
  });

  it('answers 89300 five minutes after the payment, and without an order', async () => {
    await ask({ transaction_id: transaction });
    client.control().advanceClock(299);
    expect((await ask({ transaction_id: transaction })).errcode).toBe(0);
    client.control().advanceClock(1);
    expect((await ask({ transaction_id: transaction })).errmsg).toMatch(/^invalid trade rid: /);
    expect((await ask({})).errcode).toBe(89300);
    expect((await ask({ mch_id: '1230000109' })).errcode).toBe(89300);
  });

  it('answers 40003 to a wrong openid, or one that did not pay', async () => {
    expect((await ask({ openid: 'nobody' })).errcode).toBe(40003);
    await ask({ transaction_id: transaction });
    expect((await ask({ transaction_id: transaction, openid: `o${'x'.repeat(27)}` })).errcode).toBe(40003);
  });

  it('answers 89002 for an app that is not bound to an Open Platform account', async () => {
    client.control().putApp({ ...DEMO_APP, openPlatform: false });
    expect((await ask({ transaction_id: transaction })).errcode).toBe(89002);
  });
});

describe('POST /wxa/business/getuserphonenumber', () => {
  const ask = async (code: string) =>
    (await client.post('/wxa/business/getuserphonenumber', { code }, client.auth())).json;

  it("answers the number of the code's user, once", async () => {
    const first = client.control().addLoginCode({ appId: APP_ID, openid: OPENID, kind: 'phone' });
    const second = client.control().addLoginCode({ appId: APP_ID, openid: OPENID, kind: 'phone' });
    const answer = await ask(first.code);
    expect(answer).toMatchObject({
      errcode: 0,
      phone_info: { purePhoneNumber: expect.stringMatching(/^138\d{8}$/), watermark: { appid: APP_ID } },
    });
    expect(await ask(second.code)).toEqual(answer);
    expect((await ask(first.code)).errcode).toBe(40163);
  });

  it('answers 40029 to what is no code', async () => {
    expect((await ask('nonsense')).errcode).toBe(40029);
  });
});
