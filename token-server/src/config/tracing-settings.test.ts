import { describe, expect, it } from '@jest/globals';
import { parseHeaders } from './tracing-settings.js';

describe('OTEL_EXPORTER_OTLP_HEADERS', () => {
  it.each([
    ['api-key=abc', { 'api-key': 'abc' }],
    [' a=1 , b = x%20y=,', { a: '1', b: 'x y=' }],
    ['', {}],
    ['no-value', undefined],
    ['=x', undefined],
    ['a b=x', undefined],
    ['a=%0d%0ax', undefined],
    ['a=%', undefined],
  ])('%j is %j', (text, expected) => {
    expect(parseHeaders(text)).toEqual(expected);
  });
});
