import { Transform, type TransformCallback } from 'node:stream';

const BODY_BYTES_MAX = 10 * 1024 * 1024;
/** All bodies that are kept at a time, together. */
const ALL_BYTES_MAX = 64 * 1024 * 1024;

let allBytes = 0;

/**
 * Lets a request's body through, and keeps it for the case that it has to be sent again. A body that is larger than
 * 10 MiB, or comes while 64 MiB of others are kept, is let through only.
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

  /** The whole body, once it has come in; null when it was not kept, or has not come in. */
  get whole(): Buffer | null {
    return this.#chunks !== null && this.#isWhole ? Buffer.concat(this.#chunks) : null;
  }

  /** It is not needed any longer. */
  letGo(): void {
    this.#chunks = null;
    allBytes -= this.#bytes;
    this.#bytes = 0;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // A body that came in whole outlives its stream, until it is let go.
    if (!this.#isWhole) this.letGo();
    callback(error);
  }

  #keep(chunks: Buffer[], chunk: Buffer): void {
    chunks.push(chunk);
    this.#bytes += chunk.length;
    allBytes += chunk.length;
  }
}
