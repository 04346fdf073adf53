import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';

/** Lines that wait while the log cannot be written; those beyond it are dropped. */
const WAITING_BYTES_MAX = 1024 * 1024;
const CHUNK_BYTES_MAX = 64 * 1024;
const RETRY_MS = 1_000;
/** A reader that is only slow gets the next try sooner. */
const BUSY_RETRY_MS = 50;
const EXIT_TRIES_MAX = 20;

export interface LogWriter {
  /** Never throws, and never waits. */
  write(line: string): void;
  /** Lines dropped since the start. */
  readonly droppedLines: number;
  /** Resolves when every line is written, or when `timeoutMs` have passed. */
  flush(timeoutMs: number): Promise<void>;
}

export interface LogWriterOptions {
  readonly fd: number;
  /** Called once when writing begins to fail. @param code `ENOSPC`, `EPIPE`, … */
  readonly onFailing: (code: string) => void;
  /** Called when lines are written again, if some were dropped. */
  readonly onRecovered: (droppedLines: number) => void;
}

/**
 * Writes log lines without ever holding up the server: a full disk, a pipe that nobody reads or a closed one cost lines,
 * which are counted, and nothing else.
 */
export function createLogWriter({ fd: given, onFailing, onRecovered }: LogWriterOptions): LogWriter {
  const fd = withoutBlocking(given);
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let isWriting = false;
  let isFailing = false;
  let droppedLines = 0;
  let reportedLines = 0;
  const flushed: (() => void)[] = [];

  function writeNext(): void {
    if (isWriting) return;
    if (waiting.length === 0) {
      for (const resolve of flushed.splice(0)) resolve();
      return;
    }
    isWriting = true;
    const chunk = takeChunk();
    write(fd, chunk, (error, bytes) => {
      if (error === null) return onWritten(chunk.subarray(bytes));
      putBack(chunk);
      const isBusy = error.code === 'EAGAIN';
      if (!isBusy && !isFailing) {
        isFailing = true;
        onFailing(error.code ?? error.name);
      }
      setTimeout(retry, isBusy ? BUSY_RETRY_MS : RETRY_MS).unref();
    });
  }

  function retry(): void {
    isWriting = false;
    writeNext();
  }

  function onWritten(rest: Buffer): void {
    if (rest.length > 0) putBack(rest);
    isWriting = false;
    isFailing = false;
    if (droppedLines > reportedLines && waiting.length === 0) {
      const lines = droppedLines - reportedLines;
      reportedLines = droppedLines;
      onRecovered(lines);
    }
    writeNext();
  }

  function takeChunk(): Buffer {
    let bytes = 0;
    const count = waiting.findIndex((line) => {
      bytes += line.length;
      return bytes >= CHUNK_BYTES_MAX;
    });
    const chunk = Buffer.concat(waiting.splice(0, count === -1 ? waiting.length : count + 1));
    waitingBytes -= chunk.length;
    return chunk;
  }

  function putBack(chunk: Buffer): void {
    waiting = [chunk, ...waiting];
    waitingBytes += chunk.length;
  }

  // A process that ends at once, as after an uncaught error, has no time for the ordinary way.
  process.once('exit', () => {
    if (!isFailing) writeRest(fd, Buffer.concat(waiting));
  });

  return {
    get droppedLines() {
      return droppedLines;
    },
    write(line) {
      const bytes = Buffer.from(line);
      if (waitingBytes + bytes.length > WAITING_BYTES_MAX) {
        droppedLines += 1;
        return;
      }
      waiting.push(bytes);
      waitingBytes += bytes.length;
      writeNext();
    },
    flush(timeoutMs) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        flushed.push(() => {
          clearTimeout(timer);
          resolve();
        });
        writeNext();
      });
    },
  };
}

/**
 * A descriptor on the same pipe whose writes fail with EAGAIN while nobody reads. A blocked write would keep the process
 * from ending. Opened anew, so that other descriptors of the same pipe keep their mode.
 */
function withoutBlocking(fd: number): number {
  try {
    if (!fstatSync(fd).isFIFO()) return fd;
    return openSync(`/dev/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return fd;
  }
}

function writeRest(fd: number, bytes: Buffer): void {
  let rest = bytes;
  for (let tries = 0; rest.length > 0 && tries < EXIT_TRIES_MAX; tries += 1) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch {
      return;
    }
  }
}
