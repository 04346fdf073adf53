import type { OpenApiDocument } from '@zhongkong/token-server/testing';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** An answer of the server, to be held against the reference. */
export interface SeenAnswer {
  readonly method: string;
  /** As in the reference: `/v1/apps/{appId}`. */
  readonly path: string;
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Paths that exist nowhere, and methods that a path does not take, are described once for all. */
const ANYWHERE = ['not_found', 'method_not_allowed'];
/** And so is what never becomes a request. */
const UNREADABLE = /no HTTP\/1\.1 request|longer than 16 KiB together/;

/** Finds what the reference does not say of an answer: a status, a type, a field, a code. */
export function createReferenceCheck(document: OpenApiDocument): (answer: SeenAnswer) => void {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(closed({ ...document, $id: 'reference' }) as object);
  const compiled = new Map<string, ValidateFunction>();

  function validatorOf(pointer: string): ValidateFunction {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `reference#${pointer}` });
    compiled.set(pointer, known);
    return known;
  }

  return ({ method, path, status, type, body }) => {
    const where = `${method} ${path}: ${status} ${type}`;
    if (status === 404 || status === 405) {
      if (ANYWHERE.includes((JSON.parse(body) as { code: string }).code)) return;
    }
    if (status === 400 && UNREADABLE.test(body)) return;
    const responses = document.paths[path]?.[method]?.responses ?? {};
    const answer = responses[status] ?? responses.default;
    if (answer === undefined) throw new Error(`${where} is not in the reference: ${body}`);
    if (body === '' || answer.content?.['*/*'] !== undefined) return;
    const mediaType = type.split(';')[0] ?? '';
    if (answer.content?.[mediaType] === undefined)
      throw new Error(`${where}: this type is not in the reference`);
    if (!mediaType.endsWith('json')) return;
    const steps = ['paths', path, method, 'responses', String(status), 'content', mediaType, 'schema'];
    const validate = validatorOf(
      steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    );
    if (!validate(JSON.parse(body))) throw new Error(`${where}: ${ajv.errorsText(validate.errors)}: ${body}`);
  };
}

/** The document with every object closed, so that a field of which it does not tell is found. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
  const isPlainObject = copy.type === 'object' && copy.properties !== undefined;
  return isPlainObject ? { additionalProperties: false, ...copy } : copy;
}
