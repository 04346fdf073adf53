import type { Call } from './call.js';
import { checkArguments, type Kinds } from './check-arguments.js';
import type { CallOptions, WeixinResult } from './weixin-types.js';
import { toWireNames } from './wire/names.js';
import type { UploadFile } from './wire/upload-file.js';

/** How a method of the SDK becomes a call of WeChat. */
interface MethodTable<P extends object> {
  /** WeChat's path, with its leading slash. */
  readonly path: string;
  /** Where the parameters go: a GET has them in the query. @defaultValue 'POST' */
  readonly verb?: 'GET' | 'POST';
  /** What each parameter must be; `accessToken` is checked always. */
  readonly kinds: Kinds<P>;
  /** Further checks and changes. @param name how messages call the method @throws TypeError */
  readonly prepare?: (name: string, params: P) => object;
  /** Where the parameters of a POST go. @defaultValue 'json'; 'query' beside a file */
  readonly place?: 'json' | 'query';
  /** The parameter that is sent as a multipart file; also the name of the part. */
  readonly file?: keyof P & string;
  /** Parameters that are further parts of that form, each as JSON. */
  readonly fields?: readonly (keyof P & string)[];
  /** @defaultValue 'json' */
  readonly expects?: 'json' | 'file' | 'either';
  /** A POST that makes nothing that is counted. @defaultValue true for GET, false for POST */
  readonly safeToRepeat?: boolean;
}

type AnyMethod = (...given: never[]) => Promise<WeixinResult>;

/** One row for each method of a group. */
export type GroupTable<Group> = {
  readonly [Name in keyof Group]: Group[Name] extends (params: infer P) => unknown
    ? MethodTable<P & object>
    : never;
};

/** The methods of a group. @param group for messages: `wxacode` */
export function createGroup<Group>(call: Call, group: string, table: GroupTable<Group>): Group {
  const methods = Object.entries(table).map(([name, row]) => [
    name,
    createMethod(call, `${group}.${name}`, row as MethodTable<CallOptions>),
  ]);
  return Object.fromEntries(methods) as Group;
}

function createMethod(call: Call, api: string, row: MethodTable<CallOptions>): AnyMethod {
  const { path, verb = 'POST', kinds, prepare, expects = 'json', safeToRepeat } = row;
  const place = verb === 'GET' || row.file !== undefined ? 'query' : (row.place ?? 'json');
  const needsNone = Object.values(kinds).every((kind) => String(kind).endsWith('?'));
  return async (argument?: CallOptions) => {
    const given = argument === undefined && needsNone ? {} : (argument as CallOptions);
    checkArguments(api, given, { ...kinds, accessToken: 'text?' });
    const params = { ...given, ...prepare?.(api, given) } as Record<string, unknown>;
    const { accessToken, ...rest } = params;
    return call({
      ...{ api, method: verb, path, safeToRepeat },
      ...takeForm(rest, row),
      [place]: rest,
      accessToken: accessToken as string | undefined,
      expects: expects === 'either' ? undefined : expects,
    });
  };
}

/** Takes the file and the further fields of a form out of the parameters. */
function takeForm(params: Record<string, unknown>, { file, fields = [] }: MethodTable<CallOptions>): object {
  if (file === undefined) return {};
  const content = params[file] as UploadFile | undefined;
  const parts = (fields as string[]).flatMap((name) =>
    params[name] === undefined ? [] : [[name, JSON.stringify(toWireNames(params[name]))]],
  );
  for (const name of [file, ...fields]) delete params[name];
  return {
    file: content && { field: file, content },
    ...(parts.length === 0 ? {} : { fields: Object.fromEntries(parts) }),
  };
}
