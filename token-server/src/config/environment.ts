import { fstatSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { LOG_LEVELS } from '../logger.js';
import { decodeMasterKeys } from '../master-key.js';
import { type Parsed, parseRedisUrl } from '../redis-address.js';
import { ACCESS_LOG_MODES } from './config.js';
import type { Checked, ConfigFault } from './config-error.js';
import { describeIssue, keyOf } from './describe-issue.js';
import { readVariableFiles } from './secrets/variable-files.js';
import { parseHeaders, SAMPLERS } from './tracing-settings.js';
import { parseTrustProxy } from './trust-proxy.js';
import { parseProxyUrl } from './way-out.js';

/** A text that `parse` turns into a value, or refuses with a message. */
function parsed<T>(parse: (text: string) => Parsed<T>) {
  return z.string().transform((text, context): T => {
    const result = parse(text);
    if ('value' in result) return result.value;
    context.addIssue({ code: 'custom', message: result.fault });
    return z.NEVER;
  });
}

const wholeNumber = (max: number, min = 0) =>
  parsed((text) =>
    /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max
      ? { value: Number(text) }
      : { fault: `must be a whole number from ${min} to ${max}` },
  );

/** Some systems have no room for a longer path of a unix socket. */
const SOCKET_PATH_BYTES_MAX = 103;

const host = z
  .string()
  .refine(
    (text) =>
      !/^unix:/i.test(text) ||
      (text.startsWith('unix:/') && Buffer.byteLength(text) <= 'unix:'.length + SOCKET_PATH_BYTES_MAX),
    {
      message: `must be an address, or unix: and the absolute path of a socket of at most ${SOCKET_PATH_BYTES_MAX} bytes`,
    },
  );

/** Paths of WeChat's API are appended to it. */
const baseUrl = z.string().refine(isBaseUrl, {
  message: 'must be a URL that begins with http:// or https:// and has no user, query or fragment',
});

/** Curly brackets would change how a cluster spreads the keys. */
const redisPrefix = z.string().regex(/^[A-Za-z0-9_.:-]{1,64}$/, {
  message: 'must be 1 to 64 letters, digits, "_", ".", ":" or "-"',
});

const masterKey = parsed((text) => {
  const value = decodeMasterKeys(text);
  return value === undefined
    ? {
        fault:
          'must be 32 bytes in base64, or two different keys as new,old; make one with: openssl rand -base64 32',
      }
    : { value };
});

const proxyUrl = parsed((text) => {
  const value = parseProxyUrl(text);
  return value === undefined
    ? { fault: 'must be the URL of a proxy that begins with http:// or https://' }
    : { value };
});

const traceHeaders = parsed((text) => {
  const value = parseHeaders(text);
  return value === undefined ? { fault: 'must be name=value,name=value' } : { value };
});

const ratio = parsed((text) =>
  /^(?:0(?:\.\d+)?|1(?:\.0+)?)$/.test(text)
    ? { value: Number(text) }
    : { fault: 'must be a number from 0 to 1' },
);

const openDescriptor = wholeNumber(65_535).refine(isOpenForWriting, {
  message:
    'is not a descriptor that is open for writing: the program that starts the server has to open it. npm passes none on, so run the command zhongkong serve itself',
});

/** Every variable that the server reads, by the name that users type. An empty value counts as not given. */
export const environmentSchema = z.object({
  PORT: wholeNumber(65_535).default(7200),
  HOST: host.default('127.0.0.1'),
  TLS_CERT: z.string().optional(),
  TLS_KEY: z.string().optional(),
  TLS_CLIENT_CA: z.string().optional(),
  TRUST_PROXY: parsed(parseTrustProxy).optional(),
  REDIS_URL: parsed(parseRedisUrl).optional(),
  REDIS_URL_FILE: z.string().optional(),
  REDIS_PREFIX: redisPrefix.default('zhongkong'),
  DATA_DIR: z.string().default('./data'),
  WECHAT_API_BASE_URL: baseUrl.optional(),
  HTTPS_PROXY: proxyUrl.optional(),
  HTTP_PROXY: proxyUrl.optional(),
  NO_PROXY: z.string().optional(),
  ZHONGKONG_CONFIG: z.string().optional(),
  ZHONGKONG_MASTER_KEY: masterKey.optional(),
  ZHONGKONG_MASTER_KEY_FILE: z.string().optional(),
  ZHONGKONG_READY_FD: openDescriptor.optional(),
  MAX_CONNECTIONS: wholeNumber(1_000_000, 1).default(15_000),
  KEEP_ALIVE: wholeNumber(3_600, 1).default(65),
  DRAIN_DELAY: wholeNumber(300).default(0),
  ACCESS_LOG: z.enum(ACCESS_LOG_MODES).default('errors'),
  LOG_LEVEL: z.enum(LOG_LEVELS).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: baseUrl.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: traceHeaders.optional(),
  OTEL_SERVICE_NAME: z.string().default('zhongkong'),
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: ratio.default(1),
});
export type Environment = z.infer<typeof environmentSchema>;

export type EnvironmentInput = Readonly<Record<string, string | undefined>>;

/** Known in lower case too, which goes first, as with curl. */
const ANY_CASE = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'] as const;

/**
 * Checks the variables of the environment and parses their values. White space around a value does not count.
 * @param folder relative paths are relative to it
 */
export function readEnvironment(input: EnvironmentInput, folder = '.'): Checked<Environment> {
  const lowerCase = ANY_CASE.map((key) => [key, input[key.toLowerCase()]] as const);
  const given = Object.fromEntries(
    [...Object.entries(input), ...lowerCase]
      .map(([key, value]) => [key, value?.trim()])
      .filter(([, value]) => value),
  );
  const files = readVariableFiles(given, folder);
  const { data, error } = environmentSchema.safeParse({ ...given, ...files.values }, { reportInput: true });
  const nameOf = (key: string) => (key in files.values ? `${key}_FILE` : key);
  const faults = (error?.issues ?? []).map((issue) => fault(nameOf(keyOf(issue.path)), describeIssue(issue)));
  faults.push(...files.faults);
  const isGiven = (key: string) => key in given || `${key}_FILE` in given;
  if (isGiven('REDIS_URL') && !isGiven('ZHONGKONG_MASTER_KEY')) {
    const message = 'is missing; REDIS_URL needs it: 32 bytes in base64, made with: openssl rand -base64 32';
    faults.push(fault('ZHONGKONG_MASTER_KEY', message));
  }
  return data !== undefined && faults.length === 0 ? { ok: true, value: data } : { ok: false, faults };
}

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return (
    ['http:', 'https:'].includes(protocol) && [username, password, search, hash].every((part) => part === '')
  );
}

/** Node has open descriptors of its own, which nobody reads; a pipe, a socket or a file accepts an empty text. */
function isOpenForWriting(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    const canBeRead = stat.isFIFO() || stat.isSocket() || stat.isFile() || stat.isCharacterDevice();
    return canBeRead && writeSync(fd, '') === 0;
  } catch {
    return false;
  }
}

function fault(key: string, message: string): ConfigFault {
  return { key, place: 'environment', message };
}
