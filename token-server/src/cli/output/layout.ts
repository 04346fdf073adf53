import type { styleText } from 'node:util';
import stringWidth from 'string-width';
import { printable } from './one-line.js';

export type Style = Parameters<typeof styleText>[0] & string;

/** A cell of a table; a style is seen on a terminal only. */
export type Cell = string | { readonly text: string; readonly style: Style };

export function inStyle(text: string, style: Style | undefined): Cell {
  return style === undefined ? text : { text, style };
}

export interface LayoutOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: (style: Style, text: string) => string;
}

const GAP = '  ';
const ELLIPSIS = '…';

/**
 * A table that may go on: its columns are as wide as their widest cell so far, where Chinese counts double. What is too
 * long for the terminal is cut at the last column.
 * @returns the lines of further rows, the first time below the headings, if there are any
 */
export function createTable(
  headings: readonly string[] | undefined,
  options: LayoutOptions,
): (rows: readonly (readonly Cell[])[]) => string[] {
  let widths: readonly number[] = [];
  let title = headings === undefined ? [] : [headings.map((text): Cell => ({ text, style: 'bold' }))];
  return (rows) => {
    const all = [...title, ...rows];
    title = [];
    const columns = Math.max(widths.length, ...all.map((cells) => cells.length));
    widths = Array.from({ length: columns }, (_, column) =>
      Math.max(widths[column] ?? 0, ...all.map((cells) => stringWidth(textOf(cells[column])))),
    );
    return all.map((cells) => layOutRow(cells, widths, options));
  };
}

function layOutRow(
  cells: readonly Cell[],
  widths: readonly number[],
  { width, paint }: LayoutOptions,
): string {
  let left = width;
  const parts = cells.map((cell, column) => {
    const isLast = column === cells.length - 1;
    const text = isLast ? truncate(textOf(cell), left) : textOf(cell);
    const padding = isLast ? 0 : (widths[column] ?? 0) - stringWidth(text);
    left -= stringWidth(text) + padding + GAP.length;
    return (typeof cell === 'string' ? text : paint(cell.style, text)) + ' '.repeat(padding);
  });
  return parts.join(GAP);
}

/** For programs: one line a row, tabs between the cells. */
export function layOutPlain(rows: readonly (readonly Cell[])[]): string[] {
  return rows.map((cells) => cells.map(textOf).join('\t'));
}

/** A cell's text; an empty one would make a column of spaces, which cannot be seen. */
function textOf(cell: Cell | undefined): string {
  const text = typeof cell === 'string' ? cell : (cell?.text ?? '');
  return printable(text) || '-';
}

/** Cuts a text to so many columns; with little room left it stays whole, and the terminal wraps it. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width || width < 12) return text;
  let cut = '';
  let used = stringWidth(ELLIPSIS);
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += stringWidth(segment);
    if (used > width) break;
    cut += segment;
  }
  return `${cut.trimEnd()}${ELLIPSIS}`;
}
