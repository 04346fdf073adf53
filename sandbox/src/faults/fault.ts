import { z } from 'zod';
import { appIdSchema } from '../platform/app-config.js';

const where = {
  /** Exact path, or a prefix that ends in `*`. Left out: every path. */
  path: z.string().startsWith('/', 'must begin with /').optional(),
  /** Only calls of this app, as told by its token or its app id. Left out: of all. */
  appId: appIdSchema.optional(),
  /** How many calls it strikes; 0 or 'forever': all until it is cleared. */
  times: z
    .union([z.int().nonnegative(), z.literal('forever')], 'must be a whole number, or "forever"')
    .default(1),
};

/** What goes wrong. Only slow, late, torn and lost calls are processed; the others never reach the platform. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** Waits `delayMs` of real time, then processes the call as ever. */
  z.strictObject({ ...where, kind: z.literal('slow'), delayMs: z.int().nonnegative() }),
  /** Processes the call at once, and answers after `delayMs` of real time. */
  z.strictObject({ ...where, kind: z.literal('late'), delayMs: z.int().nonnegative() }),
  /** Never answers. */
  z.strictObject({ ...where, kind: z.literal('hang') }),
  /** Resets the connection. */
  z.strictObject({ ...where, kind: z.literal('reset') }),
  /** Answers as a gateway in front of the platform would, with a page of HTML. */
  z.strictObject({ ...where, kind: z.literal('status'), status: z.int().min(500).max(599).default(502) }),
  /** Processes the call, announces the whole answer, sends half of it and closes the connection. */
  z.strictObject({ ...where, kind: z.literal('torn') }),
  /** Answers 200 with nothing. */
  z.strictObject({ ...where, kind: z.literal('empty') }),
  /** Answers this errcode. An `errmsg` goes out as it is; without, it is the platform's, with a request id. */
  z.strictObject({ ...where, kind: z.literal('errcode'), errcode: z.int(), errmsg: z.string().optional() }),
  /** Processes the call, and sends the answer compressed, with a byte order mark, under another status or type. */
  z.strictObject({
    ...where,
    kind: z.literal('dressed'),
    encoding: z.enum(['gzip', 'br', 'deflate']).optional(),
    byteOrderMark: z.boolean().optional(),
    status: z.int().min(200).max(599).optional(),
    contentType: z.string().optional(),
  }),
  /** Processes the call, then resets the connection: a token is issued that nobody hears of. */
  z.strictObject({ ...where, kind: z.literal('lost') }),
]);

export type FaultOptions = z.input<typeof faultSchema>;
export type Fault = z.output<typeof faultSchema>;
export type FaultKind = Fault['kind'];
