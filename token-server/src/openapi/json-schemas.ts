import {
  accessTokenAnswer,
  appStatus,
  appStatusList,
  healthAnswer,
  historyAnswer,
  historyEntry,
  problem,
  pushRequest,
  readinessAnswer,
  refreshAnswer,
  refreshRequest,
  ticketAnswer,
} from '@zhongkong/shared/contract';
import { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Schemas that have a name of their own in the document: of answers, and of requests. */
const ANSWERS: Readonly<Record<string, z.ZodType>> = {
  AccessToken: accessTokenAnswer,
  RefreshedToken: refreshAnswer,
  Ticket: ticketAnswer,
  AppStatus: appStatus,
  AppStatusList: appStatusList,
  HistoryEntry: historyEntry,
  History: historyAnswer,
  Health: healthAnswer,
  Readiness: readinessAnswer,
  Problem: problem,
};
const REQUESTS: Readonly<Record<string, z.ZodType>> = {
  RefreshRequest: refreshRequest,
  PushRequest: pushRequest,
};

const names = new Map(
  [...Object.entries(ANSWERS), ...Object.entries(REQUESTS)].map(([name, schema]) => [schema, name]),
);

/** The part of the document that names schemas. */
export function namedSchemas(): Record<string, JsonSchema> {
  return { ...toJsonSchemas(ANSWERS, 'output'), ...toJsonSchemas(REQUESTS, 'input') };
}

/** A schema where it is used: by its name if it has one. */
export function schemaRef(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const name = names.get(schema);
  if (name !== undefined) return { $ref: refTo(name) };
  return withoutMarks(z.toJSONSchema(schema, { io, override }));
}

function refTo(name: string): string {
  return `#/components/schemas/${name}`;
}

function toJsonSchemas(
  schemas: Readonly<Record<string, z.ZodType>>,
  io: 'input' | 'output',
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const converted = z.toJSONSchema(registry, { io, uri: refTo, override });
  return Object.fromEntries(
    Object.entries(converted.schemas).map(([name, schema]) => [name, withoutMarks(schema)]),
  );
}

/** Inside a document, `$schema` and `$id` only confuse. */
function withoutMarks({ $schema: _schema, $id: _id, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

/** Leaves out what holds for every JSON number or date, and allows answers to get more fields in later versions. */
function override({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: JsonSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  const { def } = zodSchema._zod;
  if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties;
}
