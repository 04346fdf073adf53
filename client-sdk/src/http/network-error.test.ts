import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { isTransient, NetworkError, toNetworkError } from './network-error.js';

const coded = (code: string, message = 'low level') => Object.assign(new Error(message), { code });
const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause });

describe('what fetch throws', () => {
  it.each([
    ['a reset', fetchFailed(coded('ECONNRESET')), 'ECONNRESET', true],
    ['a peer that hung up', fetchFailed(coded('UND_ERR_SOCKET')), 'ECONNRESET', true],
    ['no connection in time', fetchFailed(coded('UND_ERR_CONNECT_TIMEOUT')), 'ETIMEDOUT', true],
    ['no head in time', fetchFailed(coded('UND_ERR_HEADERS_TIMEOUT')), 'ETIMEDOUT', true],
    [
      'a body that stopped',
      new TypeError('terminated', { cause: coded('UND_ERR_BODY_TIMEOUT') }),
      'ETIMEDOUT',
      true,
    ],
    [
      'several addresses that failed',
      fetchFailed(new AggregateError([coded('ETIMEDOUT'), coded('ENETUNREACH')])),
      'ETIMEDOUT',
      true,
    ],
    ['a time-out of the host', new DOMException('over', 'TimeoutError'), 'ETIMEDOUT', true],
    ['an end from our side', new DOMException('over', 'AbortError'), 'ABORTED', false],
    [
      'a wrong certificate',
      fetchFailed(coded('SELF_SIGNED_CERT_IN_CHAIN')),
      'SELF_SIGNED_CERT_IN_CHAIN',
      false,
    ],
    ['a port that fetch refuses', fetchFailed(new Error('bad port')), 'UNKNOWN', false],
    ['no error at all', 'what', 'UNKNOWN', false],
  ])('%s', (_name, thrown, code, transient) => {
    const error = toNetworkError(thrown);
    expect(error.code).toBe(code);
    expect(isTransient(error)).toBe(transient);
    expect(error.name).toBe(code === 'ETIMEDOUT' ? 'TimeoutError' : 'NetworkError');
  });

  it('keeps our own errors', () => {
    const own = new NetworkError('x', { code: 'E2BIG' });
    expect(toNetworkError(own)).toBe(own);
  });

  it("says what to do about an authority of one's own", () => {
    expect(toNetworkError(fetchFailed(coded('SELF_SIGNED_CERT_IN_CHAIN'))).message).toContain(
      'NODE_EXTRA_CA_CERTS',
    );
  });

  it('leads to no request and no token', () => {
    const cause = Object.assign(coded('X', 'bad GET /x?access_token=the-token'), {
      socket: { sent: 'the-token' },
    });
    expect(inspect(toNetworkError(fetchFailed(cause)), { depth: 9 })).not.toContain('the-token');
  });
});
