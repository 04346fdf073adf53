import { execFileSync } from 'node:child_process';
import { closeSync, createReadStream, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogWriter } from './log-writer.js';

const LINE = `${'x'.repeat(1_023)}\n`;
const LINES_THAT_FIT = 1_024;

const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0).reverse()) step();
});

function openWriter(path: string, flags: string) {
  const fd = openSync(path, flags);
  undo.push(() => closeSync(fd));
  const events: string[] = [];
  const writer = createLogWriter({
    fd,
    onFailing: (code) => events.push(`failing ${code}`),
    onRecovered: (lines) => events.push(`dropped ${lines}`),
  });
  return { writer, events };
}

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zhongkong-'));
  undo.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('the writer of the log', () => {
  it('writes every line in order', async () => {
    const path = join(tempFolder(), 'log');
    const { writer, events } = openWriter(path, 'w');
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index}\n`);
    for (const line of lines) writer.write(line);
    await writer.flush(10_000);
    expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
    expect({ events, dropped: writer.droppedLines }).toEqual({ events: [], dropped: 0 });
  });

  it('keeps a mebibyte of lines while the disk is full, counts what it drops, and says once that it fails', async () => {
    const { writer, events } = openWriter('/dev/full', 'w');
    for (let lines = 0; lines < LINES_THAT_FIT + 10; lines += 1) writer.write(LINE);
    await writer.flush(1_500);
    expect(events).toEqual(['failing ENOSPC']);
    // The first line was on its way already.
    expect(writer.droppedLines).toBe(9);
  });

  it('goes on when a pipe is read again, and says how many lines are missing', async () => {
    const path = join(tempFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, 'r+');
    const { writer, events } = openWriter(path, 'w');
    for (let lines = 0; lines < 2 * LINES_THAT_FIT; lines += 1) writer.write(LINE);
    expect(writer.droppedLines).toBeGreaterThan(0);
    const dropped = writer.droppedLines;
    const flushed = writer.flush(10_000);
    const stream = createReadStream('', { fd: reader });
    stream.resume();
    undo.push(() => stream.destroy());
    await flushed;
    expect(events).toEqual([`dropped ${dropped}`]);
  });
});
