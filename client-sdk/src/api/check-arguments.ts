/** What an argument must be; with `?` it may be left out. */
type Kind = 'text' | 'number' | 'boolean' | 'object' | 'list';
export type Kinds<P> = { readonly [K in keyof P]?: Kind | `${Kind}?` };

const MEANING: Readonly<Record<Kind, string>> = {
  text: 'a non-empty string',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  list: 'a list',
};

/**
 * Looks at presence and type only. Limits are checked by WeChat: it knows them best, and says which one was
 * passed. Messages name the argument and never its value.
 * @param name how messages call what is checked: `wxacode.get`, or `customerServiceMessage.send: link`
 * @throws TypeError
 */
export function checkArguments<P extends object>(name: string, given: P, kinds: Kinds<P>): void {
  if (!is('object', given)) throw new TypeError(`${name}: the argument must be an object`);
  for (const key in kinds) {
    const value = given[key];
    const kind = kinds[key] as string;
    const isOptional = kind.endsWith('?');
    if (value === undefined && isOptional) continue;
    const wanted = (isOptional ? kind.slice(0, -1) : kind) as Kind;
    if (!is(wanted, value)) throw new TypeError(`${name}: ${key} must be ${MEANING[wanted]}`);
  }
}

function is(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string' && value !== '';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'list':
      return Array.isArray(value);
    case 'boolean':
      return typeof value === 'boolean';
  }
}
