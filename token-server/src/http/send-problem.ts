import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '@zhongkong/shared';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from '../logger.js';
import { languageOf, setLanguage } from './language.js';
import { HEADERS_KIB_MAX } from './limits.js';
import { HttpProblem } from './problem.js';
import { problemOf } from './problem-of.js';

/** Answers every error as a problem document. The cause of a 500 goes to the log, not to the caller. */
export function createErrorHandler(log: Logger, clock: Clock): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { method } = request;
    const { requestId } = response.locals;
    const problem = problemOf(error, clock.nowMs());
    if (problem.code === 'internal') log.error({ err: error, method, requestId }, 'a request failed');
    else if (problem.status >= 500) log.debug({ err: error, method, requestId }, 'a request was refused');
    if (response.headersSent) {
      next(error);
      return;
    }
    const language = languageOf(request);
    response.set({ 'cache-control': 'no-store', ...problem.headers });
    setLanguage(response, language);
    const body = JSON.stringify(problem.bodyIn(language));
    response.status(problem.status).type('application/problem+json').send(body);
  };
}

/**
 * Answers bytes that never become a request, in the form of every other error; Node by itself answers without a body.
 * A client that is too slow, or whose connection has failed, is disconnected without an answer.
 */
export function refuseUnreadable({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  // The codes of the parser; no other fault leaves a connection on which an answer could be read.
  if (!code?.startsWith('HPE_') || !socket.writable) {
    socket.destroy();
    return;
  }
  const detail =
    code === 'HPE_HEADER_OVERFLOW'
      ? {
          en: `The address and the headers are longer than ${HEADERS_KIB_MAX} KiB together.`,
          zh: `地址与请求头合计超过 ${HEADERS_KIB_MAX} KiB。`,
        }
      : { en: 'What was sent is no HTTP/1.1 request.', zh: '收到的内容不是 HTTP/1.1 请求。' };
  const unreadable = new HttpProblem(detail, { code: 'invalid_request' });
  const { status } = unreadable;
  // Nobody has read which language was asked for.
  const text = JSON.stringify(unreadable.bodyIn('en'));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    'Content-Language: en',
    'Cache-Control: no-store',
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
}
