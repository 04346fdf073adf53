import type { ProblemCodeName } from '@zhongkong/shared';
import type { Access } from '../http/define-route.js';
import type { RouteDoc } from './openapi-types.js';

/** The problems that a route can answer with: those that follow from its declaration, then its own. */
export function problemsOf({ path, access, body, problems = [] }: RouteDoc): ProblemCodeName[] {
  if (access === 'key as secret') return [...new Set<ProblemCodeName>(['invalid_request', ...problems])];
  const isOfAnApp = path.includes('{appId}');
  return [
    // A request whose headers are too many or too long is refused anywhere.
    'invalid_request',
    ...when(access !== 'no key', 'unauthorized'),
    ...when(isScope(access), 'forbidden'),
    ...when(isOfAnApp, 'unknown_app'),
    ...when(body !== undefined, 'payload_too_large'),
    ...when(access !== 'no key' && !problems.includes('rate_limited'), 'rate_limited'),
    ...problems,
    'internal',
  ];
}

export function isScope(access: Access): boolean {
  return access !== 'any key' && access !== 'no key' && access !== 'key as secret';
}

function when(condition: boolean, code: ProblemCodeName): ProblemCodeName[] {
  return condition ? [code] : [];
}
