import type { IncomingMessage } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';

const BODY_BYTES_MAX = 10 * 1024 * 1024;
/** All bodies that are kept at one time, together. */
const ALL_BYTES_MAX = 64 * 1024 * 1024;

let allBytes = 0;

/**
 * Passes a request's body on, and keeps it in case the call has to be repeated. A body larger than 10 MiB, or one that
 * arrives while 64 MiB of others are kept, is passed on only.
 */
export class KeptBody extends Transform {
  #chunks: Buffer[] | null = [];
  #bytes = 0;
  #isWhole = false;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    if (this.#chunks !== null) {
      const isTooMuch =
        this.#bytes + chunk.length > BODY_BYTES_MAX || allBytes + chunk.length > ALL_BYTES_MAX;
      if (isTooMuch) this.letGo();
      else this.#keep(this.#chunks, chunk);
    }
    callback(null, chunk);
  }

  override _flush(callback: TransformCallback): void {
    this.#isWhole = true;
    callback();
  }

  /** The whole body; null when it was not kept, or has not arrived yet. */
  get whole(): Buffer | null {
    return this.#chunks !== null && this.#isWhole ? Buffer.concat(this.#chunks) : null;
  }

  /** Forgets the body: it is not needed any longer. */
  letGo(): void {
    this.#chunks = null;
    allBytes -= this.#bytes;
    this.#bytes = 0;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // A whole body outlives its stream, until `letGo`.
    if (!this.#isWhole) this.letGo();
    callback(error);
  }

  #keep(chunks: Buffer[], chunk: Buffer): void {
    chunks.push(chunk);
    this.#bytes += chunk.length;
    allBytes += chunk.length;
  }
}

/** The request's body on its way, or null when there is none. */
export function keptBodyOf(request: IncomingMessage): KeptBody | null {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  if (!hasBody) return null;
  const kept = new KeptBody();
  // Its reader may stop in the middle; that is no error of ours.
  kept.on('error', () => {});
  request.pipe(kept);
  request.once('close', () => {
    if (!request.complete) kept.destroy(new Error('the client disconnected'));
  });
  // Drain the rest of the request body; otherwise the client never reads our answer.
  kept.once('close', () => {
    request.unpipe(kept);
    request.resume();
  });
  return kept;
}
