import type { ServerResponse } from 'node:http';
import type { CredentialRecord, RefreshEngine } from '@zhongkong/jobs';
import { BilingualError, type Clock } from '@zhongkong/shared';
import { eventIdOf, toAccessTokenAnswer } from '@zhongkong/shared/contract';
import type { EventMetrics } from '../metrics/event-metrics.js';
import { EventStream } from './event-stream.js';
import { encodeMove, planMove } from './plan-move.js';

/** Each stream is a connection; the limits keep one key, or all, from taking the last file descriptor. */
export const STREAMS_MAX = 10_000;
export const STREAMS_PER_CLIENT_MAX = 5_000;
/** Proxies end a connection that is silent for a minute, some sooner; the contract promises 15 s. */
export const HEARTBEAT_MS = 10_000;

export interface EventHubOptions {
  readonly engine: Pick<RefreshEngine, 'apps' | 'token' | 'onToken'>;
  readonly clock: Clock;
  readonly metrics: EventMetrics;
  /** @defaultValue HEARTBEAT_MS */
  readonly heartbeatMs?: number;
  /** 0 ≤ random < 1. @defaultValue Math.random */
  readonly random?: () => number;
}

/** What one reader asked for. */
interface Subscription {
  /** The name of the client whose key it is. */
  readonly client: string;
  readonly wants: (appId: string) => boolean;
  /** The newest version that the reader says it has, by app. */
  readonly has: Map<string, number>;
}

/** All readers of events of this server. */
export interface EventHub {
  /** @throws BilingualError `too_many_streams` */
  admit(client: string): void;
  /** Sends the current tokens, then each new one, until either side ends the stream. The caller has set the headers. */
  open(response: ServerResponse, subscription: Subscription): void;
  /**
   * Ends every stream, spread over the drain delay, and tells its reader to move to another server. Until then it gets each
   * new token; so does one that connects meanwhile. @param drainDelayMs how long this server goes on as before
   */
  leave(drainDelayMs: number): void;
  /** Ends the streams that are left, within a second. A client that connects later gets the current tokens and is then closed. */
  stop(): void;
}

export function createEventHub(options: EventHubOptions): EventHub {
  const { engine, clock, metrics, heartbeatMs = HEARTBEAT_MS, random = Math.random } = options;
  const streams = new Set<EventStream>();
  const countByClient = new Map<string, number>();
  /** When the drain delay is over; undefined: this server is not to stop. */
  let leavesAtMs: number | undefined;
  let isStopped = false;

  /** Ends a stream at a moment of its own. */
  function move(stream: EventStream): void {
    const leftMs = isStopped ? 0 : Math.max(0, (leavesAtMs ?? 0) - performance.now());
    const plan = planMove(leftMs, [random(), random()]);
    stream.endIn(plan.endInMs, encodeMove(plan));
  }

  function closeIfOver(): void {
    if (!isStopped || streams.size > 0) return;
    unsubscribe();
    clearInterval(heartbeat);
  }

  /** A token as one Server-Sent Event; its data is the body that a read gets at this moment. */
  function encode(appId: string, record: CredentialRecord): Buffer {
    const data = JSON.stringify(toAccessTokenAnswer(appId, record, clock.nowMs()));
    return Buffer.from(`event: access-token\nid: ${eventIdOf(appId, record.version)}\ndata: ${data}\n\n`);
  }

  function count(client: string, difference: 1 | -1): void {
    const now = (countByClient.get(client) ?? 0) + difference;
    if (now === 0) countByClient.delete(client);
    else countByClient.set(client, now);
  }

  /** One at a time, each after the one before has left: many apps fit through a small buffer. */
  async function sendCurrent(stream: EventStream): Promise<void> {
    for (const { appId } of engine.apps) {
      const record = engine.token(appId)?.live() ?? null;
      if (record === null || !stream.needs(appId, record.version)) continue;
      metrics.sent();
      await stream.send(appId, record.version, encode(appId, record));
    }
  }

  const unsubscribe = engine.onToken((appId, record) => {
    let event: Buffer | undefined;
    for (const stream of streams) {
      if (!stream.needs(appId, record.version)) continue;
      event ??= encode(appId, record);
      metrics.sent();
      void stream.send(appId, record.version, event);
    }
  });
  const heartbeat = setInterval(() => {
    for (const stream of streams) stream.beat();
  }, heartbeatMs).unref();

  return {
    admit(client) {
      const isFull = streams.size >= STREAMS_MAX;
      if (!isFull && (countByClient.get(client) ?? 0) < STREAMS_PER_CLIENT_MAX) return;
      const who = isFull
        ? { en: `This server has ${STREAMS_MAX}`, zh: `本服务器已有 ${STREAMS_MAX}` }
        : { en: `This key has ${STREAMS_PER_CLIENT_MAX}`, zh: `该密钥已有 ${STREAMS_PER_CLIENT_MAX}` };
      const text = {
        en: `${who.en} event streams open, which is the limit. Read the token by its own path meanwhile.`,
        zh: `${who.zh} 个事件流，达到上限。这期间请通过读取接口获取 token。`,
      };
      throw new BilingualError(text, { code: 'too_many_streams' });
    },
    open(response, { client, wants, has }) {
      // The client may have left during the checks.
      if (response.closed) return;
      const stream = new EventStream(response, { wants, has, dropped: metrics.dropped });
      streams.add(stream);
      count(client, 1);
      metrics.opened();
      response.once('close', () => {
        streams.delete(stream);
        count(client, -1);
        metrics.closed();
        closeIfOver();
      });
      // At once, so that the client knows that it is connected even when there is no token yet.
      stream.beat();
      const sent = sendCurrent(stream);
      if (isStopped) void sent.then(() => move(stream));
      else if (leavesAtMs !== undefined) move(stream);
    },
    leave(drainDelayMs) {
      leavesAtMs = performance.now() + drainDelayMs;
      for (const stream of streams) move(stream);
    },
    stop() {
      isStopped = true;
      for (const stream of streams) move(stream);
      closeIfOver();
    },
  };
}
