import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Address } from './settings.js';

/** A page of a thousand apps has about one MiB. */
const ANSWER_MAX_BYTES = 64 * 1024 * 1024;

/** PEM texts for TLS. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface Outgoing {
  readonly method: string;
  /** With its query; it is put behind the path of the address. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string;
  readonly timeoutMs: number;
}

export interface Incoming {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/**
 * One request, by Node's own client: a general HTTP library would take longer to load than most commands run.
 * @throws what node:http throws, and a TimeoutError
 */
export function send(address: Address, tls: TlsFiles, outgoing: Outgoing): Promise<Incoming> {
  const { method, path, headers, body, timeoutMs } = outgoing;
  const { base, socketPath } = address;
  const url = new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base);
  const signal = AbortSignal.timeout(timeoutMs);
  const options = {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
    signal,
    agent: false as const,
    ...(socketPath === undefined ? {} : { socketPath }),
    ...tls,
  };
  return new Promise((resolve, reject) => {
    // What was under way ends with errors of its own when the time is over.
    const fail = (error: unknown) => reject(signal.aborted ? signal.reason : error);
    const hear = (response: IncomingMessage) => {
      readText(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        fail,
      );
    };
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, hear);
    request.on('error', fail);
    request.end(body);
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_MAX_BYTES) throw new Error('the answer is longer than 64 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
