import { fstatSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { decodeMasterKey } from '../master-key.js';
import { parseRedisUrl, REDIS_URL_FORMS } from '../redis/redis-address.js';
import type { Checked, ConfigFault } from './config-error.js';
import { describeIssue, keyOf } from './describe-issue.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const wholeNumber = (max: number) =>
  z
    .string()
    .refine((value) => /^\d+$/.test(value) && Number(value) <= max, {
      message: `must be a whole number from 0 to ${max}`,
    })
    .transform(Number);

/** Paths of the platform are appended to it, and their query is their own. */
const baseUrl = z.string().refine(isBaseUrl, {
  message: 'must be a URL that begins with http:// or https:// and has no user, query or fragment',
});

const redisUrl = z.string().refine((value) => parseRedisUrl(value) !== undefined, {
  message: `must be in one of the forms ${REDIS_URL_FORMS}`,
});

const masterKey = z.string().refine((value) => decodeMasterKey(value) !== undefined, {
  message: 'must be 32 bytes in base64; make one with: openssl rand -base64 32',
});

const openDescriptor = wholeNumber(65_535).refine(isOpenForWriting, {
  message:
    'is not a descriptor that is open for writing; whoever starts the server has to open it, and npm passes none on: run the command zhongkong serve itself',
});

/** Everything that the environment may say; the names are what users type. An empty value counts as not given. */
export const environmentSchema = z.object({
  PORT: wholeNumber(65_535).default(7200),
  HOST: z.string().default('127.0.0.1'),
  REDIS_URL: redisUrl.optional(),
  DATA_DIR: z.string().default('./data'),
  WECHAT_API_BASE_URL: baseUrl.optional(),
  ZHONGKONG_CONFIG: z.string().optional(),
  ZHONGKONG_MASTER_KEY: masterKey.optional(),
  ZHONGKONG_READY_FD: openDescriptor.optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
});
export type Environment = z.infer<typeof environmentSchema>;

export type EnvironmentInput = Readonly<Record<string, string | undefined>>;

/** Reads what concerns us of the environment. */
export function readEnvironment(input: EnvironmentInput): Checked<Environment> {
  const given = Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined && value !== ''),
  );
  const allowed = Object.keys(environmentSchema.shape);
  const unknown = Object.keys(given).filter((key) => key.startsWith('ZHONGKONG_') && !allowed.includes(key));
  const parsed = environmentSchema.safeParse(given, { reportInput: true });
  const faults = [
    ...unknown.map((key) => fault(key, `is not known; allowed are ${allowed.join(', ')}`)),
    ...(parsed.error?.issues ?? []).map((issue) => fault(keyOf(issue.path), describeIssue(issue))),
  ];
  if ('REDIS_URL' in given && !('ZHONGKONG_MASTER_KEY' in given)) {
    const message =
      'is missing; it is needed with REDIS_URL: 32 bytes in base64, made by: openssl rand -base64 32';
    faults.push(fault('ZHONGKONG_MASTER_KEY', message));
  }
  return parsed.success && faults.length === 0 ? { ok: true, value: parsed.data } : { ok: false, faults };
}

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return (
    ['http:', 'https:'].includes(protocol) && [username, password, search, hash].every((part) => part === '')
  );
}

/** Node itself has descriptors that are of no use to us; a pipe, a socket or a file takes a text of no length. */
function isOpenForWriting(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    const canHear = stat.isFIFO() || stat.isSocket() || stat.isFile() || stat.isCharacterDevice();
    return canHear && writeSync(fd, '') === 0;
  } catch {
    return false;
  }
}

function fault(key: string, message: string): ConfigFault {
  return { key, place: 'environment', message };
}
