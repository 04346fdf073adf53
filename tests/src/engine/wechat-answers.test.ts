import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { type AppSettings, createWechatClient, defaultPolicy } from '@zhongkong/jobs';
import { accessTokenSource } from '@zhongkong/jobs/testing';
import { systemClock } from '@zhongkong/shared';
import { cleanUp } from '../helpers/clean-up.js';
import { APP } from '../helpers/fixtures.js';

/** The access tokens of a WeChat that behaves as it never should. */
async function sourceAt(wechat: RequestListener, upstreamTimeoutMs = 5_000) {
  const server = createServer(wechat).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  cleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const policy = { ...defaultPolicy('classic'), upstreamTimeoutMs };
  return sourceOf(url, { ...APP, policy });
}

function sourceOf(url: string, app: AppSettings) {
  const source = accessTokenSource(createWechatClient(url), systemClock);
  return {
    fetch: () => source.fetch(app, false),
    check: (value: string) => source.check(app, value),
  };
}

const answering =
  (body: object): RequestListener =>
  (_request, response) => {
    response.end(JSON.stringify(body));
  };

describe('a fetch', () => {
  it('on a connection that is never made cannot have issued a token', async () => {
    const silent = createTcpServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    cleanUp(() => silent.close());
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const policy = { ...defaultPolicy('classic'), upstreamTimeoutMs: 500 };
    const outcome = await sourceOf(url, { ...APP, policy }).fetch();
    expect(outcome).toMatchObject({ failure: { kind: 'transient', mayHaveSucceeded: false } });
  });

  it('that is made and not answered may have issued one', async () => {
    const outcome = await (await sourceAt(() => {}, 500)).fetch();
    expect(outcome).toMatchObject({ failure: { kind: 'transient', mayHaveSucceeded: true } });
  });
});

describe('an answer of WeChat', () => {
  it('that does not end is not read to its end', async () => {
    let sent = 0;
    const source = await sourceAt((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384, 32))) sent += 16_384;
      };
      response.on('drain', more);
      more();
    });
    const outcome = await source.fetch();
    expect(outcome).toMatchObject({ failure: { errmsg: 'its answer is too long', mayHaveSucceeded: true } });
    expect(sent).toBeLessThan(8 * 1024 * 1024);
  });

  it('that repeats the secret is kept without it', async () => {
    const source = await sourceAt(answering({ errcode: 40125, errmsg: `invalid secret=${APP.secret}` }));
    const outcome = await source.fetch();
    expect(outcome).toMatchObject({ failure: { errcode: 40125, errmsg: 'invalid secret=***' } });
  });

  it.each<{ holding: string; body: object }>([
    { holding: 'nothing', body: {} },
    { holding: 'a token that is no text', body: { access_token: 7, expires_in: 7200 } },
    { holding: 'a token that no header could carry', body: { access_token: 'two words', expires_in: 7200 } },
    { holding: 'a token without measure', body: { access_token: 'x'.repeat(3_000), expires_in: 7200 } },
    { holding: 'a life that is no number', body: { access_token: 'good', expires_in: 'soon' } },
    { holding: 'a life that is over', body: { access_token: 'good', expires_in: -5 } },
    { holding: 'no life', body: { access_token: 'good' } },
  ])('that holds $holding is a failure after which a token may exist', async ({ body }) => {
    const outcome = await (await sourceAt(answering(body))).fetch();
    expect(outcome).toMatchObject({ failure: { kind: 'transient', mayHaveSucceeded: true } });
  });

  it.each([
    [40001, 'dead'],
    [42001, 'dead'],
    [48001, 'alive'],
    [45009, 'unclear'],
    [45011, 'unreachable'],
    [40066, 'unclear'],
    [-1, 'unreachable'],
    [0, 'alive'],
  ])('to a check with errcode %i means that the token is %s', async (errcode, verdict) => {
    const source = await sourceAt(answering({ errcode, errmsg: 'so be it' }));
    expect((await source.check('some-token')).verdict).toBe(verdict);
  });
});
