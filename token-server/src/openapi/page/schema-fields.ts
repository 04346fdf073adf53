import type { JsonSchema } from '../json-schemas.js';

/** One line about a field of a body. */
export interface Field {
  /** With the names above it: `lastFault.kind`, `apps[].appId`. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

type Schemas = Readonly<Record<string, JsonSchema>>;

/** The fields of a body at every depth, in the order of the schema. */
export function fieldsOf(schema: JsonSchema, named: Schemas, prefix = ''): Field[] {
  const { properties = {}, required = [], anyOf = [] } = resolve(schema, named);
  if (anyOf.length > 0) return anyOf.flatMap((one) => fieldsOf(one as JsonSchema, named, prefix));
  return Object.entries(properties).flatMap(([key, value]) => {
    const field = resolve(value as JsonSchema, named);
    const name = `${prefix}${key}`;
    const line: Field = {
      name,
      type: typeOf(field, named),
      isRequired: required.includes(key),
      description: (value as JsonSchema).description ?? field.description ?? '',
    };
    return [line, ...nestedOf(field, named, name)];
  });
}

/** A type in a few words: `integer, 1 to 500, default 100`. */
export function typeOf(schema: JsonSchema, named: Schemas): string {
  const { type, enum: values, anyOf, items, minimum, maximum, format, const: only } = resolve(schema, named);
  if (only !== undefined) return JSON.stringify(only);
  if (values !== undefined) return values.map(String).join(' | ');
  if (anyOf !== undefined) return anyOf.map((one) => typeOf(one as JsonSchema, named)).join(' | ');
  if (type === 'array') return `array of ${typeOf((items ?? {}) as JsonSchema, named)}`;
  return [format ?? type ?? 'any', ...rangeOf(minimum, maximum), ...defaultOf(schema)].join(', ');
}

function nestedOf(field: JsonSchema, named: Schemas, name: string): Field[] {
  const inside = [field, ...((field.anyOf ?? []) as JsonSchema[])].map((one) => resolve(one, named));
  return inside.flatMap((one) => {
    if (one.type === 'array') return fieldsOf((one.items ?? {}) as JsonSchema, named, `${name}[].`);
    return one.type === 'object' ? fieldsOf(one, named, `${name}.`) : [];
  });
}

function rangeOf(minimum: number | undefined, maximum: number | undefined): string[] {
  if (minimum === undefined) return [];
  return [maximum === undefined ? `at least ${minimum}` : `${minimum} to ${maximum}`];
}

function defaultOf(schema: JsonSchema): string[] {
  return schema.default === undefined ? [] : [`default ${String(schema.default)}`];
}

function resolve(schema: JsonSchema, named: Schemas): JsonSchema {
  const name = schema.$ref?.split('/').at(-1);
  return (name === undefined ? undefined : named[name]) ?? schema;
}
