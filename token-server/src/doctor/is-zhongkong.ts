import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';

const TIMEOUT_MS = 2_000;

/** Whether a Zhongkong server answers there. Nothing secret is sent, so any certificate will do. Never rejects. */
export function isZhongkong(target: RequestOptions, isTls: boolean): Promise<boolean> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const options = { ...target, path: '/healthz', signal, agent: false as const, rejectUnauthorized: false };
  return new Promise((resolve) => {
    const request = (isTls ? httpsRequest : httpRequest)(options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.length > 100) request.destroy();
      });
      response.on('close', () => resolve(/^\{"status":"ok"\}$/.test(text.trim())));
    });
    request.on('error', () => resolve(false));
    request.end();
  });
}
