import type { Response } from 'express';

/** An answer in the platform's form: HTTP 200, whatever it says. */
export function sendPlatformAnswer(response: Response, body: object): void {
  response.set('cache-control', 'no-store');
  // The platform writes `encoding=` where others write `charset=`; `set` would add a charset of its own.
  response.setHeader('content-type', 'application/json; encoding=utf-8');
  response.end(JSON.stringify(body));
}
