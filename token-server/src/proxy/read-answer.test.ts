import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { piecesOf, readAnswer } from './read-answer.js';

const read = (pieces: string[], type: string, isCoded = false) =>
  readAnswer(Readable.from(pieces.map((piece) => Buffer.from(piece))), type, isCoded);

async function allOf(body: Awaited<ReturnType<typeof read>>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of piecesOf(body)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('an answer', () => {
  it.each([
    [['{"a":', '1}'], 'application/json', 'small'],
    [['{"errcode":40001}'], 'image/jpeg', 'small'],
    [['<a/>', '<b/>'], 'text/xml', 'small'],
    [[], 'image/jpeg', 'small'],
    [['\u0089PNG', '...'], 'image/png', 'large'],
    [['x'.repeat(300_000)], 'text/plain', 'large'],
  ])('%j of the type %s is %s, and passes on whole', async (pieces, type, is) => {
    const body = await read(pieces, type);
    expect(body.is).toBe(is);
    expect(await allOf(body)).toBe(pieces.join(''));
  });

  it('that breaks off is an error', async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error('reset'));
      },
    });
    await expect(readAnswer(broken, 'text/plain', false)).rejects.toThrow('reset');
  });
});
