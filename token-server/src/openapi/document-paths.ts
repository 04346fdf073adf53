import type { DocMethod, RouteDoc } from './openapi-types.js';

/** A path as OpenAPI writes it, without the mark of a parameter that may hold slashes. */
export function pathInDoc(path: string): string {
  return path.replace('{+', '{');
}

export function methodsInDoc({ method }: RouteDoc): readonly DocMethod[] {
  return method === 'any' ? ['get', 'put', 'post', 'delete', 'patch'] : [method];
}
