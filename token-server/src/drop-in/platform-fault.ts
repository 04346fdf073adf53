import { randomBytes } from 'node:crypto';
import type { Response } from 'express';

/** The platform's words for the codes that the drop-in paths answer with. */
const ERRMSGS = {
  [-1]: 'system error',
  40001:
    'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r',
  40002: 'invalid grant_type',
  40013: 'invalid appid',
  40097: 'invalid args',
  40125: 'invalid appsecret',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  43001: 'require GET method',
  43002: 'require POST method',
  44002: 'empty post data',
  47001: 'data format error',
  48001: 'api unauthorized',
} as const;

/** An answer in the platform's own form of a fault. */
export class PlatformFault extends Error {
  override readonly name = 'PlatformFault';
  readonly errcode: number;

  constructor(errcode: keyof typeof ERRMSGS | number, errmsg?: string) {
    super(errmsg ?? ERRMSGS[errcode as keyof typeof ERRMSGS] ?? ERRMSGS[-1]);
    this.errcode = errcode;
  }
}

/** Sends an answer as the platform does: always 200, and with its own idea of a content type. */
export function sendAsPlatform(response: Response, body: object): void {
  response.status(200).set('cache-control', 'no-store');
  response.setHeader('content-type', 'application/json; encoding=utf-8');
  response.end(JSON.stringify(body));
}

/** A fault with the platform's request id: three times eight hex digits, the first of them the time in seconds. */
export function faultBody({ errcode, message }: PlatformFault, nowMs: number): object {
  if (/ rid: /.test(message)) return { errcode, errmsg: message };
  const rid = [
    Math.floor(nowMs / 1000).toString(16),
    randomBytes(4).toString('hex'),
    randomBytes(4).toString('hex'),
  ];
  return { errcode, errmsg: `${message} rid: ${rid.join('-')}` };
}
