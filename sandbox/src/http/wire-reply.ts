import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { PlatformReply } from '../platform/platform-request.js';

/** An answer as it goes over the wire. */
export interface WireReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  bytes: Buffer;
}

export function wireReply(reply: PlatformReply): WireReply {
  return 'json' in reply
    ? // The platform writes `encoding=` where others write `charset=`.
      wireBytes(200, 'application/json; encoding=utf-8', Buffer.from(JSON.stringify(reply.json)))
    : wireBytes(200, reply.contentType, reply.bytes, reply.headers);
}

/** The answer of a gateway that stands before the platform and cannot reach it. */
export function gatewayReply(status: number): WireReply {
  const page = `<html>\r\n<head><title>${status}</title></head>\r\n<body><center><h1>${status}</h1></center></body>\r\n</html>\r\n`;
  return wireBytes(status, 'text/html', Buffer.from(page));
}

export function emptyReply(): WireReply {
  return wireBytes(200, 'application/json; encoding=utf-8', Buffer.alloc(0));
}

const COMPRESS = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync };

/** What may be odd about an answer that is right. */
export interface Dress {
  encoding?: keyof typeof COMPRESS | undefined;
  byteOrderMark?: boolean | undefined;
  status?: number | undefined;
  contentType?: string | undefined;
}

export function dress(reply: WireReply, { encoding, byteOrderMark, status, contentType }: Dress): WireReply {
  const plain = byteOrderMark ? Buffer.concat([Buffer.from('\ufeff'), reply.bytes]) : reply.bytes;
  const headers = {
    ...reply.headers,
    ...(contentType !== undefined && { 'Content-Type': contentType }),
    ...(encoding !== undefined && { 'Content-Encoding': encoding }),
  };
  const bytes = encoding === undefined ? plain : COMPRESS[encoding](plain);
  return { status: status ?? reply.status, headers, bytes };
}

function wireBytes(status: number, contentType: string, bytes: Buffer, headers = {}): WireReply {
  return { status, headers: { 'Content-Type': contentType, ...headers }, bytes };
}

export function send(res: ServerResponse, { status, headers, bytes }: WireReply): void {
  res.writeHead(status, { ...headers, 'Content-Length': bytes.length });
  res.end(bytes);
}

/** Announces the whole, sends half, and closes the connection. */
export function sendTorn(res: ServerResponse, { status, headers, bytes }: WireReply): void {
  res.writeHead(status, { ...headers, 'Content-Length': bytes.length });
  res.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => res.socket?.destroy());
}

/** Ends the connection with a reset, so that the caller sees ECONNRESET and no answer. */
export function resetConnection(res: ServerResponse): void {
  res.socket?.resetAndDestroy();
}
