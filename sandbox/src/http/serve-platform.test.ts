import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { APP_ID, createTestClient } from '../testing/test-client.js';

const client = createTestClient();
beforeEach(client.start);
afterEach(client.stop);

const TOKEN = '/cgi-bin/token';
const issued = () => client.control().counters(APP_ID).tokensIssued.token;
const lastCall = () => client.control().calls({ last: 1 })[0];

describe('an injected fault', () => {
  it("'slow' answers later, and only once", async () => {
    client.control().addFault({ kind: 'slow', path: TOKEN, delayMs: 50 });
    const slow = client.getToken().then(() => 'slow');
    const other = client.get('/').then(() => 'other');
    expect(await Promise.race([slow, other])).toBe('other');
    await slow;
    expect(issued()).toBe(1);
    expect(lastCall()).toMatchObject({ path: TOKEN, errcode: 0, fault: 'slow' });
    await client.getToken();
    expect(lastCall()).not.toHaveProperty('fault');
  });

  it("'late' issues the token at once and answers later", async () => {
    client.control().addFault({ kind: 'late', path: TOKEN, delayMs: 50 });
    const late = client.getToken().then(() => 'late');
    while (issued() === 0) await client.get('/').then(() => new Promise(setImmediate));
    const other = client.get('/').then(() => 'other');
    expect(await Promise.race([late, other])).toBe('other');
    await late;
    expect(lastCall()).toMatchObject({ path: '/', errcode: 40066 });
  });

  it("'hang' never answers, and the call is counted and logged without an errcode", async () => {
    client.control().addFault({ kind: 'hang', path: TOKEN });
    const patience = new AbortController();
    const hanging = client.call(TOKEN, { appid: APP_ID }, { signal: patience.signal });
    while (!lastCall()) await client.get('/').then(() => new Promise(setImmediate));
    expect(client.control().calls({ path: TOKEN })).toEqual([
      expect.not.objectContaining({ errcode: expect.anything() }),
    ]);
    patience.abort();
    await expect(hanging).rejects.toThrow();
    expect(client.control().counters(APP_ID).calls[TOKEN]).toBe(1);
  });

  it("'reset' resets the connection, and no token is issued", async () => {
    client.control().addFault({ kind: 'reset' });
    await expect(client.getToken()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(issued()).toBe(0);
  });

  it("'lost' resets the connection after the token was issued", async () => {
    const old = String((await client.getToken()).json.access_token);
    client.control().addFault({ kind: 'lost' });
    await expect(client.getToken()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(issued()).toBe(2);
    expect(client.control().currentTokens(APP_ID).token?.accessToken).not.toBe(old);
  });

  it("'status' answers as a gateway does, with HTML", async () => {
    client.control().addFault({ kind: 'status' });
    client.control().addFault({ kind: 'status', status: 504 });
    const [first, second] = [await client.getToken(), await client.getToken()];
    expect([first.status, second.status]).toEqual([502, 504]);
    expect(first.headers.get('content-type')).toBe('text/html');
    expect(first.bytes.toString()).toContain('<html>');
    expect(issued()).toBe(0);
  });

  it("'torn' announces the whole answer, sends half of it and closes", async () => {
    client.control().addFault({ kind: 'torn' });
    const { announced, received, complete } = await readRaw(`${client.url()}${TOKEN}?appid=nonsense`);
    expect(received.length).toBe(Math.floor(announced / 2));
    expect(received).toMatch(/^\{"errcode":40013/);
    expect(complete).toBe(false);
  });

  it("'empty' answers 200 with nothing", async () => {
    client.control().addFault({ kind: 'empty' });
    const { status, bytes } = await client.getToken();
    expect([status, bytes.length, issued()]).toEqual([200, 0, 0]);
  });

  it("'errcode' answers any errcode of the platform with its message, or with one's own", async () => {
    client.control().addFault({ kind: 'errcode', errcode: 89503 });
    client.control().addFault({ kind: 'errcode', errcode: -1, errmsg: 'just so' });
    client.control().addFault({ kind: 'errcode', errcode: 40226, path: '/sns/*' });
    expect((await client.getToken()).json).toEqual({
      errcode: 89503,
      errmsg: expect.stringMatching(/^此次调用需要管理员确认，请耐心等候 rid: /),
    });
    expect((await client.getToken()).json).toEqual({ errcode: -1, errmsg: 'just so' });
    expect((await client.get('/sns/jscode2session')).json.errmsg).toMatch(/^code blocked, rid: /);
    expect(client.control().counters(APP_ID).errcodes).toEqual({ '89503': 1, '-1': 1 });
    expect(issued()).toBe(0);
  });

  it('strikes the app that is meant, by its token or its app id, as often as asked', async () => {
    client.control().putApp({ appId: 'wxother', secret: 'other' });
    client.control().addFault({ kind: 'errcode', errcode: -1, appId: APP_ID, times: 3 });
    const { accessToken } = client.control().foreignRefresh({ appId: 'wxother', endpoint: 'token' });
    const ask = async (access_token: string) =>
      (await client.get('/cgi-bin/getcallbackip', { access_token })).json.errcode;
    expect(await ask(accessToken)).toBeUndefined();
    expect((await client.getToken()).json.errcode).toBe(-1);
    expect((await client.stableToken()).json.errcode).toBe(-1);
    expect(await ask(client.auth().access_token)).toBe(-1);
    expect((await client.getToken()).json.errcode).toBeUndefined();
  });

  it('never strikes the control interface', async () => {
    client.control().addFault({ kind: 'reset', times: 'forever' });
    expect((await client.get('/_sandbox/clock')).status).toBe(200);
    expect(client.control().clearFaults()).toBe(1);
    expect((await client.getToken()).json).toHaveProperty('access_token');
  });
});

it('a body beyond 32 MiB is answered 413', async () => {
  expect((await client.post('/cgi-bin/media/upload', 'x'.repeat(33 * 1024 * 1024))).status).toBe(413);
});

/** Reads an answer without failing when it breaks off. */
function readRaw(url: string): Promise<{ announced: number; received: string; complete: boolean }> {
  return new Promise((resolve, reject) => {
    const call = request(url, (response) => {
      let received = '';
      response.on('data', (chunk: Buffer) => {
        received += chunk.toString();
      });
      response.on('error', () => {});
      response.on('close', () => {
        const announced = Number(response.headers['content-length']);
        resolve({ announced, received, complete: response.complete });
      });
    });
    call.on('error', reject);
    call.end();
  });
}
