import type { TokenServerError } from '../errors.js';
import type { OnEvent } from '../events.js';
import type { TwoClocks } from '../http/clock.js';
import type { Renewal } from './renewal.js';
import type { TokenServer } from './server.js';
import { isKeyRejected } from './server-error.js';
import { followStream, type StreamListener } from './stream.js';
import type { TokenMemory } from './token-memory.js';

/** The services that lose a stream together do not come back together. */
const STREAM_LOST_SPREAD_MS = 1_000;

export interface UpdatesDeps {
  readonly way: 'stream' | 'poll' | 'none';
  readonly appId: string;
  readonly server: TokenServer;
  readonly memory: TokenMemory;
  readonly renewal: Renewal;
  readonly clocks: TwoClocks;
  readonly emit: OnEvent;
}

/** Learns of new tokens in the background: by stream, by polls while there is none, or not at all. */
export class Updates {
  readonly #deps: UpdatesDeps;
  #timer: NodeJS.Timeout | undefined;
  /** Ends the background work; undefined while there is none. */
  #running: AbortController | undefined;
  #isStopped = false;

  constructor(deps: UpdatesDeps) {
    this.#deps = deps;
  }

  /** How new tokens arrive now; `stopped`: the server has rejected the key. */
  get way(): 'stream' | 'poll' | 'none' | 'stopped' {
    if (this.#isStopped) return 'stopped';
    if (this.#running === undefined) return 'none';
    return this.#deps.memory.hasStream ? 'stream' : 'poll';
  }

  /** Nothing happens when they run already. */
  start(): void {
    const { way, server, appId, clocks } = this.#deps;
    this.#isStopped = false;
    if (this.#running !== undefined || way === 'none' || server.closed.aborted) return;
    this.#running = new AbortController();
    if (way === 'poll') return;
    const { signal: ended } = this.#running;
    followStream(server, { appId, listener: this.#listener, ended, clocks }).catch(() => {});
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = undefined;
    this.#deps.memory.streamEnded();
  }

  /** Asking again with a rejected key is no use; a call that succeeds starts the updates anew. */
  rejectKey(error: TokenServerError): void {
    if (this.#running === undefined) return;
    this.stop();
    this.#isStopped = true;
    this.#deps.emit({ type: 'updates-stopped', error });
  }

  /** The next poll, unless a stream makes it needless. */
  pollIn(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#running === undefined || this.#deps.memory.hasStream) return;
    this.#timer = setTimeout(() => this.#deps.renewal.run().catch(() => {}), ms).unref();
  }

  readonly #listener: StreamListener = {
    onToken: (facts, sent) => this.#deps.memory.accept(facts, sent),
    onHeard: (heard) => {
      const { memory, renewal, emit } = this.#deps;
      const isFirst = !memory.hasStream;
      memory.streamHeard(heard);
      clearTimeout(this.#timer);
      renewal.succeed();
      if (isFirst) emit({ type: 'updates', by: 'stream' });
    },
    onLost: (error) => {
      const { memory, emit } = this.#deps;
      if (memory.hasStream) {
        memory.streamEnded();
        emit({ type: 'updates', by: 'poll' });
        this.pollIn(Math.random() * STREAM_LOST_SPREAD_MS);
      }
      if (isKeyRejected(error)) this.rejectKey(error);
    },
  };
}
