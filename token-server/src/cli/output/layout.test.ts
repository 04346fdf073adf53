import { describe, expect, it } from '@jest/globals';
import { createTable, layOutPlain, truncate } from './layout.js';
import { wantsColour } from './output.js';

const plain = { width: 40, paint: (_style: string, text: string) => text };

describe('a table', () => {
  it('aligns its columns, and Chinese counts double', () => {
    expect(
      createTable(
        ['ID', 'NAME', 'X'],
        plain,
      )([
        ['wx1', '商城小程序', 'a'],
        ['wx22', 'mall', ''],
      ]),
    ).toEqual(['ID    NAME        X', 'wx1   商城小程序  a', 'wx22  mall        -']);
  });

  it('that goes on keeps its columns, and has its headings once', () => {
    const add = createTable(['A', 'B'], plain);
    expect(add([['long one', 'b']])).toEqual(['A         B', 'long one  b']);
    expect(add([['x', 'y']])).toEqual(['x         y']);
  });

  it('cuts its last column at the edge of the terminal', () => {
    const [, row = ''] = createTable(['A', 'B'], plain)([['x', '很长的一段中文说明文字，超过了终端的宽度']]);
    expect(row).toBe('x  很长的一段中文说明文字，超过了终端的…');
    expect(truncate('很长', 3)).toBe('很长');
  });

  it('paints cells with a style, and no padding with them', () => {
    const paint = (style: string, text: string) => `<${style}>${text}</>`;
    const rows = [
      [{ text: 'up', style: 'green' as const }, 'b'],
      ['longer', 'b'],
    ];
    expect(createTable(undefined, { width: 80, paint })(rows)).toEqual(['<green>up</>      b', 'longer  b']);
  });

  it.each([
    ['a colour', '\u001b[31mred', ' [31mred'],
    ['a new line and a tab', 'a\r\n\tb', 'a b'],
    ['an override of the direction', 'a\u202eb', 'a b'],
    ['a C1 control', 'a\u009b31mb', 'a 31mb'],
  ])('lets no text of others move the cursor: %s', (_what, text, expected) => {
    expect(layOutPlain([[text, 'x']])).toEqual([`${expected}\tx`]);
    expect(createTable(undefined, plain)([['x', text]])).toEqual([`x  ${expected}`]);
  });
});

describe('colour', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
  ])('with %j on a terminal (%s): %s', (environment, isTerminal, expected) => {
    expect(wantsColour(environment, isTerminal)).toBe(expected);
  });
});
