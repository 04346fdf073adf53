import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventStreamParser } from './event-stream.js';

const parse = (...pieces: string[]) => {
  const parser = new EventStreamParser();
  return pieces.flatMap((piece) => parser.feed(piece));
};

describe('a stream of events', () => {
  it.each([
    ['an event with a name', 'event: a\ndata: 1\n\n', [{ event: 'a', data: '1' }]],
    ['an event without a name', 'data: 1\n\n', [{ event: 'message', data: '1' }]],
    ['several lines of data', 'data: 1\ndata:  2\ndata\n\n', [{ event: 'message', data: '1\n 2\n' }]],
    ['a comment', ': still here\n\ndata: 1\n\n', [{ event: 'message', data: '1' }]],
    ['a comment inside an event', 'data: 1\n: x\ndata: 2\n\n', [{ event: 'message', data: '1\n2' }]],
    ['id and retry', 'id: 1\nretry: 5\ndata: 1\n\n', [{ event: 'message', data: '1' }]],
    ['a name without data', 'event: a\n\ndata: 1\n\n', [{ event: 'message', data: '1' }]],
    ['half an event', 'data: 1\n', []],
    [
      'other line ends',
      'data: 1\r\ndata: 2\r\r\ndata: 3\n\n',
      [
        { event: 'message', data: '1\n2' },
        { event: 'message', data: '3' },
      ],
    ],
  ])('with %s', (_name, text, events) => {
    expect(parse(text)).toEqual(events);
  });

  it('is the same however it is cut', () => {
    const text =
      'event: access-token\r\nid: wx:1\r\ndata: {"a":"中控"}\r\n\r\n: ping\n\ndata: x\ndata: y\n\n';
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length })), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const pieces = at.slice(1).map((end, index) => text.slice(at[index], end));
        expect(parse(...pieces)).toEqual(parse(text));
      }),
    );
  });

  it('says how much of an event that has not ended it holds', () => {
    const parser = new EventStreamParser();
    parser.feed(': a comment\n\n: another\n');
    expect(parser.pending).toBe(0);
    parser.feed(`data: ${'x'.repeat(1_000)}\ndata: y`);
    expect(parser.pending).toBeGreaterThan(1_000);
    parser.feed('\n\n');
    expect(parser.pending).toBe(0);
  });
});
