import { describe, expect, it } from '@jest/globals';
import { faultInBody } from './fault-in-body.js';

const bytes = (text: string) => Buffer.from(text);

describe('the fault in a body', () => {
  it.each([
    ['a fault', '{"errcode":40001,"errmsg":"invalid credential"}', 40001],
    ['a fault after white space', ' \n{"errcode":42001,"errmsg":""}', 42001],
    ['a success', '{"errcode":0,"errmsg":"ok"}', undefined],
    ['an answer without errcode', '{"ip_list":[]}', undefined],
    ['a list', '[{"errcode":40001}]', undefined],
    ['nothing', '', undefined],
    ['torn JSON', '{"errcode":40001', undefined],
    ['HTML', '<html>{"errcode":40001}</html>', undefined],
  ])('%s', (_name, text, errcode) => {
    expect(faultInBody(bytes(text))?.errcode).toBe(errcode);
  });

  it('is not looked for in an image, nor in a large file that begins like JSON', () => {
    expect(faultInBody(Buffer.from([0xff, 0xd8, 0xff]))).toBeUndefined();
    expect(faultInBody(bytes(`{"errcode":40001,"x":"${'x'.repeat(20_000)}"}`))).toBeUndefined();
  });
});
