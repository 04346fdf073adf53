import { renameKeys, toCamelCase, toSnakeCase } from '@zhongkong/shared';

/** What users own is left as it is: the keys of a template message's `data` are names of their template's fields. */
const OWNED_IN_REQUESTS: ReadonlySet<string> = new Set(['data']);
/** WeChat's answers hold nothing whose names are the user's. */
const OWNED_IN_RESULTS: ReadonlySet<string> = new Set();

/** The names of a request as WeChat writes them. */
export function toWireNames(value: unknown): unknown {
  return renameKeys(value, toSnakeCase, OWNED_IN_REQUESTS);
}

/** The names of a result as this package writes them. */
export function fromWireNames(value: unknown): unknown {
  return renameKeys(value, resultName, OWNED_IN_RESULTS);
}

/** WeChat writes these two as one word. */
function resultName(key: string): string {
  const known = RESULT_NAMES.get(key);
  if (known !== undefined) return known;
  const name = toResultName(key);
  if (RESULT_NAMES.size < RESULT_NAMES_MAX) RESULT_NAMES.set(key, name);
  return name;
}

/** WeChat's answers have few names, again and again. */
const RESULT_NAMES = new Map<string, string>();
const RESULT_NAMES_MAX = 1_000;

function toResultName(key: string): string {
  if (key === 'errcode') return 'errCode';
  return key === 'errmsg' ? 'errMsg' : toCamelCase(key);
}
