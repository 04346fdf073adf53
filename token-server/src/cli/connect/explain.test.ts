import { describe, expect, it } from '@jest/globals';
import { explainNetwork } from './explain-network.js';
import { explainProblem } from './explain-problem.js';
import { parseAddress } from './settings.js';

const address = parseAddress('https://tokens.example.com');

describe('no answer', () => {
  it.each([
    ['ECONNREFUSED', /^No server answers at https:\/\/tokens\.example\.com .*zhongkong serve.*--url/],
    ['ENOENT', /^No server answers/],
    ['EACCES', /may not open/],
    ['ENOTFOUND', /no host tokens\.example\.com/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /--ca/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /--ca/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /another name/],
    ['CERT_HAS_EXPIRED', /expired/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /--cert and --cert-key/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /http:\/\//],
    ['EPROTO', /http:\/\//],
    ['HPE_INVALID_CONSTANT', /https:\/\//],
    ['ECONNRESET', /https:\/\//],
    ['ERR_OSSL_PEM_NO_START_LINE', /must be PEM/],
    ['EHOSTUNREACH', /cannot be reached \(EHOSTUNREACH\)/],
  ])('%s is one line with the next step', (code, message) => {
    expect(explainNetwork(Object.assign(new Error('x'), { code }), address, 1_000)).toMatch(message);
  });

  it('a time-out says how long was waited', () => {
    const error = new DOMException('x', 'TimeoutError');
    expect(explainNetwork(error, address, 30_000)).toMatch(/did not answer within 30 s/);
  });
});

describe('an error answer', () => {
  const place = { at: 'http://127.0.0.1:7200', keySource: 'ZHONGKONG_API_KEY' };
  const explain = (status: number, body: object | string, headers = {}) =>
    explainProblem({ status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) }, place);

  it.each([
    [
      401,
      { code: 'unauthorized', detail: 'Unknown key.' },
      {},
      /^Unknown key\. The key came from ZHONGKONG_API_KEY: /,
    ],
    [
      403,
      { code: 'forbidden', detail: 'It does not have the scope admin.' },
      {},
      /the scope admin\. .*clients set/,
    ],
    [404, { code: 'unknown_app', detail: 'No app wx1.' }, {}, /^No app wx1\. zhongkong apps list/],
    [409, { code: 'conflict', detail: 'It is in the file.' }, {}, /^It is in the file\.$/],
    [
      422,
      { code: 'upstream_rejected', detail: '密钥不对。', errcode: 40125, errmsg: 'invalid appsecret' },
      {},
      /^密钥不对。 WeChat answered 40125 invalid appsecret\.$/,
    ],
    [
      502,
      { code: 'upstream_rejected', detail: 'WeChat answered 40013.', errcode: 40013 },
      {},
      /^WeChat answered 40013\.$/,
    ],
    [
      503,
      { code: 'token_unavailable', detail: 'None.' },
      { 'retry-after': '7' },
      /^None\. Try again in 7 s\.$/,
    ],
    [400, { code: 'a_code_of_later', title: 'A title' }, {}, /^A title$/],
    [302, '', { location: 'https://login.example.com' }, /redirects to https:\/\/login\.example\.com/],
    [502, '<html>', {}, /^What stands before the server .* cannot reach it/],
    [404, '<html>', {}, /is not a Zhongkong server/],
    [500, '[1', {}, /is not a Zhongkong server/],
  ])('%d %j is one line with the next step', (status, body, headers, message) => {
    expect(explain(status, body, headers)).toMatch(message);
  });
});
