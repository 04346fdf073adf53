import { describe, expect, it } from '@jest/globals';
import { isRecord, jsonBody, parseJson } from './json-body.js';
import type { PlatformRequest } from './platform-request.js';

function request(body: string): PlatformRequest {
  const bytes = Buffer.from(body);
  const json = parseJson(bytes);
  return {
    method: 'POST',
    path: '/',
    query: {},
    host: '',
    callerAddress: '',
    bytes,
    ...(isRecord(json) && { json }),
  };
}

const fault = (body: string) => {
  try {
    jsonBody(request(body));
    return 0;
  } catch (error) {
    return error;
  }
};

describe('jsonBody', () => {
  it('refuses \\u escapes of text that could stand there as it is', () => {
    expect(fault('{"a":"\\u4f60\\u597d"}')).toMatchObject({ errcode: 40033 });
    expect(fault('{"a":"x\\\\\\u00e9"}')).toMatchObject({ errcode: 40033 });
  });

  it('takes raw UTF-8, escaped control characters, and a backslash before a u', () => {
    for (const body of ['{"a":"你好"}', '{"a":"\\u0007"}', '{"a":"\\\\u4f60"}']) expect(fault(body)).toBe(0);
  });

  it('refuses an empty body, and what is no JSON object in UTF-8', () => {
    expect(fault('')).toMatchObject({ errcode: 44002 });
    for (const body of ['a=1&b=2', '[1]', '"text"', '{"a":'])
      expect(fault(body)).toMatchObject({ errcode: 47001 });
    expect(parseJson(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBeUndefined();
  });
});
