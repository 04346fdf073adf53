import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';

const BODY_BYTES_MAX = 10 * 1024 * 1024;
/** All bodies that are kept at one time, together. */
const ALL_BYTES_MAX = 64 * 1024 * 1024;

let allBytes = 0;

/**
 * Passes a request's body on, and keeps it in case the call has to be repeated: also the part that arrives after the
 * first reader has stopped reading, since WeChat may answer before it has the whole body. A body larger than 10 MiB, or
 * one that arrives while 64 MiB of others are kept, is passed on only.
 */
export class KeptBody {
  /** The body on its way, for the first call. */
  readonly stream: Readable;
  readonly #ended: Promise<boolean>;
  #chunks: Buffer[] | null = [];
  #bytes = 0;

  constructor(request: IncomingMessage) {
    const stream = new PassThrough();
    // Its reader may stop in the middle; that is no error of ours.
    stream.on('error', () => {});
    request.on('data', (chunk: Buffer) => this.#keep(chunk));
    request.pipe(stream);
    this.#ended = new Promise((resolve) => {
      request.once('end', () => resolve(true));
      request.once('close', () => {
        resolve(request.complete);
        if (!request.complete) stream.destroy(new Error('the client disconnected'));
      });
    });
    // Read the rest of the request all the same: it may be needed, and the client reads our answer only after it.
    stream.once('close', () => {
      request.unpipe(stream);
      request.resume();
    });
    this.stream = stream;
  }

  /** Whether the first reader has read all of it. */
  get isRead(): boolean {
    return this.stream.readableEnded;
  }

  /** The whole body, when all of it has arrived; null when it is not kept, or the client disconnected. */
  async whole(): Promise<Buffer | null> {
    const isComplete = this.#chunks !== null && (await this.#ended);
    return isComplete && this.#chunks !== null ? Buffer.concat(this.#chunks) : null;
  }

  /** Ends the first reader's stream and forgets the body. */
  release(): void {
    this.stream.destroy();
    this.#forget();
  }

  #keep(chunk: Buffer): void {
    if (this.#chunks === null) return;
    const isTooMuch = this.#bytes + chunk.length > BODY_BYTES_MAX || allBytes + chunk.length > ALL_BYTES_MAX;
    if (isTooMuch) {
      this.#forget();
      return;
    }
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    allBytes += chunk.length;
  }

  #forget(): void {
    this.#chunks = null;
    allBytes -= this.#bytes;
    this.#bytes = 0;
  }
}

/** The request's body on its way, or null when there is none. */
export function keptBodyOf(request: IncomingMessage): KeptBody | null {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  return hasBody ? new KeptBody(request) : null;
}
