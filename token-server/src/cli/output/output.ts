import { styleText } from 'node:util';
import type { Io, Language } from '../io.js';
import { type Cell, createTable, layOutPlain, type Style } from './layout.js';
import type { View } from './times.js';

const DEFAULT_WIDTH = 80;

/** Where a command prints; what is for people only goes to stderr, so that stdout can be read by programs. */
export interface Output {
  /** Whether --json was given. */
  readonly json: boolean;
  readonly language: Language;
  /** Whether people read it. */
  readonly isTerminal: boolean;
  line(text: string): void;
  table(headings: readonly string[], rows: readonly (readonly Cell[])[]): void;
  /** A table that goes on: prints its headings now, and rows when it is called. */
  openTable(headings: readonly string[]): (rows: readonly (readonly Cell[])[]) => void;
  /** Names and values, one a line. */
  facts(rows: readonly (readonly [name: string, value: Cell])[]): void;
  /** One document: a body of the server, as it came. */
  document(text: string): void;
  /** A remark, on stderr. */
  note(text: string): void;
  paint(style: Style, text: string): string;
  /** How instants of an answer of this time are shown. */
  view(nowMs: number): View;
}

export function createOutput({ environment, stdout, stderr }: Io, json: boolean, language: Language): Output {
  const isTerminal = stdout.isTTY === true;
  const colours = wantsColour(environment, isTerminal);
  const paint = (style: Style, text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const line = (text: string) => stdout.write(`${text}\n`);
  const width = stdout.columns || DEFAULT_WIDTH;
  function openTable(headings: readonly string[] | undefined, columns = width) {
    const layOut = isTerminal ? createTable(headings, { width: columns, paint }) : layOutPlain;
    if (!isTerminal && headings !== undefined) line(headings.join('\t'));
    return (rows: readonly (readonly Cell[])[]) => {
      for (const text of layOut(rows)) line(text);
    };
  }
  return {
    json,
    language,
    isTerminal,
    view: (nowMs) => ({ isTerminal, language, nowMs }),
    paint,
    line,
    openTable,
    table: (headings, rows) => openTable(headings)(rows),
    facts: (rows) => openTable(undefined, Number.POSITIVE_INFINITY)(rows),
    document: (text) => line(isTerminal ? JSON.stringify(JSON.parse(text), null, 2) : text),
    note: (text) => stderr.write(`zhongkong: ${text}\n`),
  };
}

/** @see https://no-color.org */
export function wantsColour(
  { NO_COLOR, TERM }: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  return isTerminal && !NO_COLOR && TERM !== 'dumb';
}
