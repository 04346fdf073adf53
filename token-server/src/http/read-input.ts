import { CHECK_TEXTS } from '@zhongkong/shared/contract';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { BODY_KIB_MAX } from './limits.js';
import { HttpProblem } from './problem.js';

/** What this reader takes of a request, in the languages of its callers. */
const PLACES = { body: '请求体', query: '查询参数', path: '路径' } as const;
/** What zod says by itself; the texts of our own checks it leaves in English. */
const CHINESE = z.locales.zhCN().localeError;
const CHECKS: Readonly<Record<string, string>> = CHECK_TEXTS;

/** Checks what a client sent against its schema. @throws HttpProblem `invalid_request` that names every fault */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, place: keyof typeof PLACES): T {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const inChinese = schema.safeParse(input ?? {}, { error: CHINESE }).error ?? parsed.error;
  const detail = {
    en: `The ${place} is not valid: ${faultsOf(parsed.error, (text) => text).join('; ')}.`,
    zh: `${PLACES[place]}无效：${faultsOf(inChinese, (text) => CHECKS[text] ?? text).join('；')}。`,
  };
  throw new HttpProblem(detail, { code: 'invalid_request' });
}

function faultsOf({ issues }: z.ZodError, say: (message: string) => string): string[] {
  return issues.map(({ path, message }) =>
    [...(path.length > 0 ? [path.join('.')] : []), say(message)].join(': '),
  );
}

const json = express.json({ limit: `${BODY_KIB_MAX}kb` });
/** Of any type: some SDKs send JSON as a form or as plain text. */
const text = express.text({ type: () => true, limit: `${BODY_KIB_MAX}kb` });

/** Reads a JSON body of at most 16 KiB. @throws what Express throws; HttpProblem `invalid_request` */
export async function readJson(request: Request, response: Response): Promise<unknown> {
  // `false`: there is a body of another type, which Express would leave unread; null: there is no body.
  if (request.is('json') === false) {
    const detail = {
      en: 'The body must be JSON, and the request must say so: Content-Type: application/json',
      zh: '请求体必须是 JSON，并带上 Content-Type: application/json',
    };
    throw new HttpProblem(detail, { code: 'invalid_request' });
  }
  return read(json, request, response);
}

/** Reads a text of at most 16 KiB, whatever its content type. @throws what Express throws */
export function readText(request: Request, response: Response): Promise<unknown> {
  return read(text, request, response);
}

function read(parser: RequestHandler, request: Request, response: Response): Promise<unknown> {
  return new Promise((resolve, reject) => {
    parser(request, response, (error?: unknown) =>
      error === undefined ? resolve(request.body) : reject(error),
    );
  });
}
