import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { piecesOf, readAnswer } from './read-answer.js';

const read = (pieces: (string | Buffer)[], type: string, encoding?: string) =>
  readAnswer(Readable.from(pieces.map((piece) => Buffer.from(piece))), type, encoding);

const FAULT = '{"errcode":40001,"errmsg":"invalid credential"}';

async function allOf(body: Awaited<ReturnType<typeof read>>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of piecesOf(body)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('an answer', () => {
  it.each([
    [['{"a":', '1}'], 'application/json', 'small'],
    [['{"errcode":40001}'], 'image/jpeg', 'small'],
    [['\ufeff {"errcode":40001}'], 'image/jpeg', 'small'],
    [['<a/>', '<b/>'], 'text/xml', 'small'],
    [[], 'image/jpeg', 'small'],
    [['\u0089PNG', '...'], 'image/png', 'large'],
    [['x'.repeat(300_000)], 'text/plain', 'large'],
  ])('%j of the type %s is %s, and passes on whole', async (pieces, type, is) => {
    const body = await read(pieces, type);
    expect(body.is).toBe(is);
    expect(await allOf(body)).toBe(pieces.join(''));
  });

  it.each([
    ['gzip', gzipSync(FAULT)],
    ['X-GZIP', gzipSync(FAULT)],
    ['br', brotliCompressSync(FAULT)],
    ['deflate', deflateSync(FAULT)],
    ['deflate', deflateRawSync(FAULT)],
    ['gzip, br', brotliCompressSync(gzipSync(FAULT))],
    ['gzip', Buffer.from(FAULT)],
  ])('compressed by %s is read, whatever its type says', async (encoding, bytes) => {
    for (const type of ['application/json', 'image/jpeg'])
      expect(await read([bytes], type, encoding)).toEqual({
        is: 'small',
        bytes: Buffer.from(FAULT),
        isDecoded: true,
      });
  });

  it.each([
    ['zstd', Buffer.from('(packed)')],
    ['gzip', gzipSync(Buffer.alloc(10_000_000))],
    ['gzip', gzipSync(randomBytes(40_000))],
  ])('compressed by %s that is no small text passes on as it is', async (encoding, bytes) => {
    const body = await read([bytes.subarray(0, 1), bytes.subarray(1)], 'image/jpeg', encoding);
    expect(body.is).toBe('large');
    const pieces: Buffer[] = [];
    for await (const piece of piecesOf(body)) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  });

  it('that breaks off is an error', async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error('reset'));
      },
    });
    await expect(readAnswer(broken, 'text/plain')).rejects.toThrow('reset');
  });
});
