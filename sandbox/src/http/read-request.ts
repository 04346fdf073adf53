import type { Request } from 'express';
import { isRecord, parseJson } from '../platform/json-body.js';
import type { PlatformRequest } from '../platform/platform-request.js';
import { parseMultipart } from './parse-multipart.js';

/**
 * Makes the platform's view of a request whose raw body express has read.
 * @param callerAddress where the platform is to believe the caller; default: where the connection comes from
 */
export async function readRequest(req: Request, callerAddress?: string): Promise<PlatformRequest> {
  const [path = '/', search = ''] = req.originalUrl.split(/\?(.*)/s);
  const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  const form = await parseMultipart(req.headers['content-type'] ?? '', bytes);
  const json = form ? undefined : parseJson(bytes);
  return {
    method: req.method,
    path,
    query: Object.fromEntries(new URLSearchParams(search)),
    host: req.headers.host ?? 'localhost',
    callerAddress: callerAddress ?? (req.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    bytes,
    ...(isRecord(json) && { json }),
    ...(form && { form }),
  };
}
