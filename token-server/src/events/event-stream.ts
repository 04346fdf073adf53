import type { ServerResponse } from 'node:http';

/** A comment: clients ignore it, proxies see that the connection lives. */
const HEARTBEAT = Buffer.from(':\n\n');

/** The most that waits in this process for one reader. */
export const BUFFER_MAX_BYTES = 64 * 1024;
const END_WITHIN_MS = 500;

export interface EventStreamOptions {
  readonly wants: (appId: string) => boolean;
  /** The newest version that the reader has, by app; kept up to date here. */
  readonly has: Map<string, number>;
  /** The reader did not take what was sent, so its connection was ended. */
  readonly dropped: () => void;
}

/** One reader. What it does not take waits up to a limit; then its connection is ended, and it may connect again. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #options: EventStreamOptions;
  #isBeatUnderWay = false;
  #ending: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, options: EventStreamOptions) {
    this.#response = response;
    this.#options = options;
  }

  /** Whether this version of a token is news for the reader. */
  needs(appId: string, version: number): boolean {
    return this.#options.wants(appId) && version > (this.#options.has.get(appId) ?? -1);
  }

  /** Sends a token. @returns when the system has taken it; never, if the connection ends before */
  send(appId: string, version: number, event: Buffer): Promise<void> {
    this.#options.has.set(appId, version);
    return new Promise((resolve) => this.#write(event, resolve));
  }

  /** Sends a heartbeat. A reader that has not taken the last one by now is gone. */
  beat(): void {
    if (this.#isBeatUnderWay) {
      this.#drop();
      return;
    }
    this.#isBeatUnderWay = true;
    this.#write(HEARTBEAT, () => {
      this.#isBeatUnderWay = false;
    });
  }

  /** Ends the answer after a while, with a last event; the last call counts. */
  endIn(ms: number, last: Buffer): void {
    clearTimeout(this.#ending);
    if (this.#response.closed) return;
    this.#ending = setTimeout(() => this.#end(last), ms);
    this.#response.once('close', () => clearTimeout(this.#ending));
  }

  /** A reader that does not take the rest soon is disconnected. */
  #end(last: Buffer): void {
    this.#write(last, () => {});
    const late = setTimeout(() => this.#response.destroy(), END_WITHIN_MS);
    this.#response.once('close', () => clearTimeout(late)).end();
  }

  #write(bytes: Buffer, taken: () => void): void {
    const response = this.#response;
    if (response.destroyed || response.writableEnded) return;
    if (response.writableLength + bytes.length > BUFFER_MAX_BYTES) this.#drop();
    else response.write(bytes, () => taken());
  }

  #drop(): void {
    if (this.#response.destroyed) return;
    this.#response.destroy();
    this.#options.dropped();
  }
}
