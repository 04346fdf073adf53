import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { decompress, faultInBody, jsonInBody } from './read-body.js';

const TEXT = '{"errcode":0,"errmsg":"ok","name":"中控"}';
const BYTES = Buffer.from(TEXT);
const MAX = 1024;

describe('a compressed body', () => {
  it.each([
    ['gzip', gzipSync(BYTES)],
    ['x-gzip', gzipSync(BYTES)],
    ['deflate', deflateSync(BYTES)],
    ['deflate', deflateRawSync(BYTES)],
    ['br', brotliCompressSync(BYTES)],
    ['deflate, gzip', gzipSync(deflateSync(BYTES))],
    ['GZIP', gzipSync(BYTES)],
    ['identity', BYTES],
    ['', BYTES],
    [undefined, BYTES],
    ['zstd', BYTES],
  ])('under %s is read', (encoding, body) => {
    expect(Buffer.from(decompress(body, encoding, MAX)).toString()).toBe(TEXT);
  });

  it('that a gateway has decompressed already is left as it is', () => {
    expect(Buffer.from(decompress(BYTES, 'gzip', MAX)).toString()).toBe(TEXT);
  });

  it('never grows beyond the bound', () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    expect(() => decompress(bomb, 'gzip', MAX)).toThrow(RangeError);
  });
});

describe('JSON in a body', () => {
  it.each([[TEXT], [`\uFEFF${TEXT}`], [`\r\n ${TEXT}`], [TEXT.replace('ok', 'o\u0007k')]])(
    '%j is read',
    (text) => {
      expect(jsonInBody(Buffer.from(text))).toEqual({ errcode: 0, errmsg: 'ok', name: '中控' });
    },
  );

  it.each([['<html>'], ['[1]'], ['"text"'], ['{"errcode":'], [''], ['\u0000\u0001PNG']])(
    '%j is none',
    (text) => {
      expect(jsonInBody(Buffer.from(text))).toBeUndefined();
    },
  );

  it('is read from a view into a larger buffer', () => {
    const large = Buffer.from(`xx${TEXT}yy`);
    expect(jsonInBody(new Uint8Array(large.buffer, large.byteOffset + 2, BYTES.length))).toMatchObject({
      errcode: 0,
    });
  });
});

describe('a fault in a body', () => {
  it('is found whatever the body was meant to be', () => {
    const body = Buffer.from('{"errcode":40001,"errmsg":"invalid credential"}');
    expect(faultInBody(body)).toEqual({ errcode: 40001, errmsg: 'invalid credential' });
  });

  it.each([
    ['a success', TEXT],
    ['a long text that begins like one', `{"errcode":40001,"errmsg":"${'x'.repeat(20_000)}"}`],
    ['an image', '\u0089PNG'],
  ])('is not seen in %s', (_what, text) => {
    expect(faultInBody(Buffer.from(text))).toBeUndefined();
  });
});
