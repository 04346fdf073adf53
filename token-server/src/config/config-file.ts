import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { z } from 'zod';
import type { ConfigFault } from './config-error.js';
import {
  type AppInput,
  allowedKeys,
  appSchema,
  type ClientInput,
  clientSchema,
  configFileSchema,
  type PolicyInput,
  policySchema,
} from './config-file-schema.js';
import { describeIssue, keyOf } from './describe-issue.js';

/** A configuration file that was read: its values, and where in the file a key stands. */
export interface ConfigFile {
  /** In their order; an entry that is not valid is undefined, so that the others can be checked all the same. */
  readonly apps: readonly (AppInput | undefined)[];
  readonly clients: readonly (ClientInput | undefined)[];
  readonly policy: PolicyInput;
  /** The app ids of all entries, valid or not; undefined where there is none. */
  readonly appIds: readonly (string | undefined)[];
  readonly placeOf: (path: readonly PropertyKey[]) => string;
  readonly faults: readonly ConfigFault[];
}

/** Parses and checks the text of a configuration file: JSON in which comments are allowed. */
export function parseConfigFile(content: string, fileName: string): ConfigFile {
  // Some editors begin a file with a byte order mark.
  const text = content.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const placeAt = (offset: number) => `${fileName}, line ${lineAt(text, offset)}`;
  const [error] = errors;
  if (error !== undefined || root === undefined) {
    const what = error === undefined ? 'it is empty' : printParseErrorCode(error.error);
    const message = `is not valid JSON: ${what}`;
    const fault = { key: 'the file', place: placeAt(error?.offset ?? 0), message };
    return { apps: [], clients: [], policy: {}, appIds: [], placeOf: () => fault.place, faults: [fault] };
  }
  const placeOf = (path: readonly PropertyKey[]) => placeAt(nodeAt(root, path).offset);
  const values: unknown = getNodeValue(root);
  const apps = listAt(values, 'apps');
  return {
    apps: apps.map((entry) => valid(appSchema, entry)),
    clients: listAt(values, 'clients').map((entry) => valid(clientSchema, entry)),
    policy: valid(policySchema, propertyOf(values, 'policy')) ?? {},
    appIds: apps.map((entry) => textAt(entry, 'appId')),
    placeOf,
    faults: faultsOf(values, placeOf),
  };
}

function faultsOf(values: unknown, placeOf: ConfigFile['placeOf']): ConfigFault[] {
  const issues = configFileSchema.safeParse(values, { reportInput: true }).error?.issues ?? [];
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownKey(issue.path, key, placeOf))
      : [{ key: keyOf(issue.path), place: placeOf(issue.path), message: describeIssue(issue) }],
  );
}

function unknownKey(path: readonly PropertyKey[], key: string, placeOf: ConfigFile['placeOf']): ConfigFault {
  const message = `is not known; allowed are ${allowedKeys(path).join(', ')}`;
  return { key: keyOf([...path, key]), place: placeOf([...path, key]), message };
}

function valid<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  return schema.safeParse(value).data;
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

/** The node at a path, or the nearest one above it that is there. */
function nodeAt(root: Node, path: readonly PropertyKey[]): Node {
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
