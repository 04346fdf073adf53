import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { Checked, ConfigFault } from './config-error.js';
import { allowedKeys, type ConfigFileInput, configFileSchema } from './config-file-schema.js';
import { describeIssue, keyOf } from './describe-issue.js';

/** A configuration file that was read: its values, and where in the file a key stands. */
export interface ConfigFile {
  readonly values: ConfigFileInput;
  readonly placeOf: (path: readonly PropertyKey[]) => string;
}

/** Parses and checks the text of a configuration file: JSON in which comments are allowed. */
export function parseConfigFile(text: string, fileName: string): Checked<ConfigFile> {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined || root === undefined) {
    const place = `${fileName}, line ${lineAt(text, error?.offset ?? 0)}`;
    const what = error === undefined ? 'it is empty' : printParseErrorCode(error.error);
    return { ok: false, faults: [{ key: 'the file', place, message: `is not valid JSON: ${what}` }] };
  }
  const placeOf = (path: readonly PropertyKey[]) =>
    `${fileName}, line ${lineAt(text, nodeAt(root, path).offset)}`;
  const parsed = configFileSchema.safeParse(getNodeValue(root), { reportInput: true });
  if (parsed.success) return { ok: true, value: { values: parsed.data, placeOf } };
  const faults = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownKey(issue.path, key, placeOf))
      : [{ key: keyOf(issue.path), place: placeOf(issue.path), message: describeIssue(issue) }],
  );
  return { ok: false, faults };
}

function unknownKey(path: readonly PropertyKey[], key: string, placeOf: ConfigFile['placeOf']): ConfigFault {
  const message = `is not known; allowed are ${allowedKeys(path).join(', ')}`;
  return { key: keyOf([...path, key]), place: placeOf([...path, key]), message };
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
