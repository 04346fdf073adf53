import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { z } from 'zod';
import type { LogLevel } from '../logger.js';
import type { ConfigFault } from './config-error.js';
import {
  type AlertInput,
  type AppInput,
  alertSchema,
  appSchema,
  type ClientInput,
  clientSchema,
  configFileSchema,
  type PolicyInput,
  policySchema,
} from './config-file-schema.js';
import { describeIssue, keyOf } from './describe-issue.js';

type Path = readonly PropertyKey[];

/** A parsed configuration file: its values, and where in the file each key stands. */
export interface ConfigFile {
  /** In the order of the file; undefined for an entry that is not valid, so that the others can still be checked. */
  readonly apps: readonly (AppInput | undefined)[];
  readonly clients: readonly (ClientInput | undefined)[];
  readonly policy: PolicyInput;
  readonly alerts: readonly (AlertInput | undefined)[];
  readonly logLevel: LogLevel | undefined;
  /** The app ids of all entries, valid or not; undefined where there is none. */
  readonly appIds: readonly (string | undefined)[];
  readonly placeOf: (path: Path) => string;
  readonly faults: readonly ConfigFault[];
}

/** Parses and checks the text of a configuration file: JSON with comments and trailing commas. */
export function parseConfigFile(content: string, fileName: string): ConfigFile {
  // Some editors begin a file with a byte order mark.
  const text = content.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const placeAt = (offset: number) => `${fileName}, line ${lineAt(text, offset)}`;
  const [error] = errors;
  if (error !== undefined || root === undefined) {
    const reason =
      error === undefined || text.trim() === '' ? 'it is empty' : printParseErrorCode(error.error);
    const place = placeAt(error?.offset ?? 0);
    const faults = [{ key: 'the file', place, message: `is not valid JSON: ${reason}` }];
    const nothing = { apps: [], clients: [], policy: {}, alerts: [], logLevel: undefined, appIds: [] };
    return { ...nothing, placeOf: () => place, faults };
  }
  return checkValues(getNodeValue(root), (path) => placeAt(nodeAt(root, path).offset));
}

function checkValues(values: unknown, placeOf: ConfigFile['placeOf']): ConfigFile {
  const faults: ConfigFault[] = [];
  function check<T>(schema: Schema<T>, value: unknown, path: Path): T | undefined {
    const { data, error } = schema.safeParse(value, { reportInput: true });
    const found = (error?.issues ?? []).flatMap((issue) => faultsOf(issue, path, schema));
    faults.push(...found.map(({ at, message }) => ({ key: keyOf(at), place: placeOf(at), message })));
    return data;
  }
  const file = check(configFileSchema, values, []);
  const apps = listAt(values, 'apps');
  return {
    apps: apps.map((entry, index) => check(appSchema, entry, ['apps', index])),
    clients: listAt(values, 'clients').map((entry, index) => check(clientSchema, entry, ['clients', index])),
    policy: check(policySchema, propertyOf(values, 'policy') ?? {}, ['policy']) ?? {},
    alerts: listAt(values, 'alerts').map((entry, index) => check(alertSchema, entry, ['alerts', index])),
    logLevel: file?.logLevel,
    appIds: apps.map((entry) => textAt(entry, 'appId')),
    placeOf,
    faults,
  };
}

type Schema<T> = z.ZodType<T> & { readonly shape: object };

function faultsOf(
  issue: z.core.$ZodIssue,
  prefix: Path,
  { shape }: Schema<unknown>,
): { at: Path; message: string }[] {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'unrecognized_keys') return [{ at: path, message: describeIssue(issue) }];
  const allowed = issue.path.at(-1) === 'policy' ? policySchema.shape : shape;
  const message = `is not known; allowed are ${Object.keys(allowed).join(', ')}`;
  return issue.keys.map((key) => ({ at: [...path, key], message }));
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = propertyOf(value, key);
  return Array.isArray(list) ? list : [];
}

function textAt(value: unknown, key: string): string | undefined {
  const text = propertyOf(value, key);
  return typeof text === 'string' ? text : undefined;
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** The node at a path, or the nearest one above it that exists. */
function nodeAt(root: Node, path: Path): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(
      root,
      path.slice(0, length).filter((part) => typeof part !== 'symbol'),
    );
    if (node !== undefined) return node;
  }
  return root;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
