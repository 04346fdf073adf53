import type { Method, Route } from '../http/define-route.js';
import type { JsonSchema } from './json-schemas.js';

/** What the reference needs of a route. */
export type RouteDoc = Pick<
  Route<never, never>,
  | 'id'
  | 'method'
  | 'path'
  | 'group'
  | 'summary'
  | 'description'
  | 'access'
  | 'params'
  | 'query'
  | 'headers'
  | 'body'
  | 'example'
  | 'answers'
  | 'problems'
>;

/** A method as OpenAPI names it; a route for any method is documented under each of these. */
export type DocMethod = Exclude<Method, 'any'>;

/** The parts of OpenAPI 3.1 that the reference uses. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: { readonly name: string; readonly identifier: string };
  };
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, AnswerObject>>;
  readonly 'x-codeSamples': readonly { readonly lang: 'Shell'; readonly source: string }[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

export interface AnswerObject {
  readonly description: string;
  readonly headers: Readonly<Record<string, { readonly description: string; readonly schema: JsonSchema }>>;
  readonly content?: Content;
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema; readonly example?: unknown }>>;
