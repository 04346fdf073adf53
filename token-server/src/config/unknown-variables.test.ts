import { describe, expect, it } from '@jest/globals';
import { warnOfUnknownVariables } from './unknown-variables.js';

const KNOWN = [
  'PORT',
  'HOST',
  'REDIS_URL',
  'ZHONGKONG_CONFIG',
  'ZHONGKONG_MASTER_KEY',
  'ZHONGKONG_SECRET_OF_MALL',
];

describe('a variable that begins with ZHONGKONG_', () => {
  it.each([
    ['ZHONGKONG_PORT', 'tcp://10.0.0.1:7200'],
    ['ZHONGKONG_SERVICE_HOST', '10.0.0.1'],
    ['ZHONGKONG_SERVICE_PORT', '7200'],
    ['ZHONGKONG_SERVICE_PORT_HTTP', '7200'],
    ['ZHONGKONG_PORT_7200_TCP', 'tcp://10.0.0.1:7200'],
    ['ZHONGKONG_PORT_7200_TCP_PROTO', 'tcp'],
    ['ZHONGKONG_PORT_7200_TCP_PORT', '7200'],
    ['ZHONGKONG_PORT_7200_TCP_ADDR', '10.0.0.1'],
    ['ZHONGKONG_TOKEN_SERVER_SERVICE_HOST', '10.0.0.1'],
    ['ZHONGKONG_TOKEN_SERVER_PORT', 'tcp://10.0.0.1:7200'],
  ])('is passed over in silence when Kubernetes has set it: %s', (name, value) => {
    expect(warnOfUnknownVariables({ [name]: value }, KNOWN)).toEqual([]);
  });

  it.each(['ZHONGKONG_CONFIG', 'ZHONGKONG_URL', 'ZHONGKONG_API_KEY', 'ZHONGKONG_SECRET_OF_MALL'])(
    'is no mistake when somebody reads it: %s',
    (name) => {
      expect(warnOfUnknownVariables({ [name]: 'x' }, KNOWN)).toEqual([]);
    },
  );

  it.each([
    ['ZHONGKONG_CONFG', 'ZHONGKONG_CONFIG'],
    ['ZHONGKONG_MASTERKEY', 'ZHONGKONG_MASTER_KEY'],
    ['ZHONGKONG_PORT', 'PORT'],
    ['ZHONGKONG_REDIS_URL', 'REDIS_URL'],
  ])('and is not known is a warning that names the nearest one: %s, %s', (name, nearest) => {
    expect(warnOfUnknownVariables({ [name]: '7200' }, KNOWN)).toEqual([
      `The environment variable ${name} is not known and has no effect. Did you mean ${nearest}?`,
    ]);
  });

  it('never has its value shown', () => {
    expect(warnOfUnknownVariables({ ZHONGKONG_MASTERKEY: 'the-key' }, KNOWN).join()).not.toContain('the-key');
  });

  it('of another program is none of our business', () => {
    expect(warnOfUnknownVariables({ OTHER: 'x', ZHONGKONG_EMPTY: '' }, KNOWN)).toEqual([]);
  });
});
