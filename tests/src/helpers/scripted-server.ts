import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve } from './serve.js';

interface Facts {
  accessToken: string;
  version: number;
  expiresIn: number;
  refreshIn: number;
}

/** A token server that does what the test says; for what the real one never does, or not at a known moment. */
export interface ScriptedServer {
  readonly url: string;
  /** What has come in, as `GET /path`. */
  readonly requests: string[];
  /** What is read, and what a stream begins with. */
  facts: Facts;
  /** Answers in the place of everything else. */
  intercept: (request: IncomingMessage, response: ServerResponse) => true | undefined;
  /** The open streams. */
  readonly streams: Set<ServerResponse>;
  /** A new token, to all streams. */
  push(facts: Facts): void;
}

export function factsOf(version: number, expiresIn = 7200): Facts {
  return { accessToken: `token-${version}`, version, expiresIn, refreshIn: 60 };
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const streams = new Set<ServerResponse>();
  const server = {
    url: '',
    requests: [] as string[],
    facts: factsOf(1),
    intercept: (() => undefined) as ScriptedServer['intercept'],
    streams,
    push(facts: Facts) {
      server.facts = facts;
      for (const stream of streams) send(stream, facts);
    },
  };
  server.url = await serve((request, response) => {
    server.requests.push(`${request.method} ${request.url}`);
    if (server.intercept(request, response)) return;
    if (!request.url?.startsWith('/v1/events')) return answer(request, response, server.facts);
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    streams.add(response);
    request.socket.on('close', () => streams.delete(response));
    send(response, server.facts);
  });
  return server;
}

function answer(request: IncomingMessage, response: ServerResponse, facts: Facts): void {
  if (request.headers['if-none-match'] === `"${facts.version}"`) return void response.writeHead(304).end();
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ refreshed: true, ...facts }));
}

function send(stream: ServerResponse, facts: Facts): void {
  stream.write(`event: access-token\nid: wx:${facts.version}\ndata: ${JSON.stringify(facts)}\n\n`);
}
