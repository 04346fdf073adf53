import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { APP_ID, createTestClient, NOON_MS } from '../testing/test-client.js';

const client = createTestClient();
beforeEach(client.start);
afterEach(client.stop);

const DOMAIN_IP = '/cgi-bin/get_api_domain_ip';

describe('any API', () => {
  it('answers a living token, of either pool', async () => {
    const classic = String((await client.getToken()).json.access_token);
    for (const token of [classic, client.auth().access_token]) {
      expect((await client.get(DOMAIN_IP, { access_token: token })).json).toEqual({
        ip_list: expect.arrayContaining([expect.any(String)]),
      });
    }
  });

  it('answers 41001 without a token, wherever else one may be', async () => {
    const { access_token } = client.auth();
    for (const answer of [
      await client.get(DOMAIN_IP),
      await client.get(DOMAIN_IP, { access_token: '' }),
      await client.call(DOMAIN_IP, {}, { headers: { authorization: `Bearer ${access_token}` } }),
      await client.post('/cgi-bin/message/custom/typing', { access_token }),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.json).toEqual({
        errcode: 41001,
        errmsg: expect.stringMatching(/^access_token missing rid: /),
      });
    }
  });

  it('answers 40001 to an unknown token, to one superseded beyond the overlap, and to a revoked one', async () => {
    const superseded = String((await client.getToken()).json.access_token);
    await client.getToken();
    client.control().advanceClock(300);
    const revoked = client.auth().access_token;
    client.control().revoke({ appId: APP_ID, token: revoked });
    for (const token of ['unknown', superseded, revoked]) {
      const { json } = await client.get(DOMAIN_IP, { access_token: token });
      expect(json.errcode).toBe(40001);
      expect(json.errmsg).toMatch(/not latest, could get access_token by getStableAccessToken, .* rid: /);
    }
  });

  it('answers 42001 to a token that grew too old without having been superseded', async () => {
    const auth = client.auth();
    client.control().advanceClock(7200);
    expect((await client.get(DOMAIN_IP, auth)).json).toEqual({
      errcode: 42001,
      errmsg: expect.stringMatching(/^access_token expired rid: /),
    });
  });

  it('looks at the token before it looks at the body', async () => {
    const { json } = await client.post('/cgi-bin/message/custom/send', 'nonsense', {
      access_token: 'unknown',
    });
    expect(json.errcode).toBe(40001);
  });

  it('refuses the wrong method with 43001 or 43002', async () => {
    const auth = client.auth();
    expect((await client.post(DOMAIN_IP, '', auth)).json).toMatchObject({ errcode: 43001 });
    expect((await client.get('/wxa/getwxacode', auth)).json).toMatchObject({ errcode: 43002 });
  });

  it('answers 40066 at a path that is not there, and tells capitals from small letters', async () => {
    for (const path of [
      '/sns/jsCode2Session',
      '/CGI-BIN/token',
      '/cgi-bin/token/',
      '/',
      '//cgi-bin/token',
      '/__proto__',
    ]) {
      const { status, json } = await client.get(path);
      expect(status).toBe(200);
      expect(json).toEqual({ errcode: 40066, errmsg: expect.stringMatching(/^invalid url, rid: /) });
    }
  });

  it('dates the request id by the clock of the sandbox', async () => {
    client.control().advanceClock(3600);
    const seconds = (NOON_MS / 1000 + 3600).toString(16);
    expect((await client.get('/')).json.errmsg).toMatch(
      new RegExp(`rid: ${seconds}-[0-9a-f]{8}-[0-9a-f]{8}$`),
    );
  });
});
