import type { RequestHandler } from 'express';
import { clientOf } from '../http/authenticate.js';
import { HttpProblem } from '../http/http-problem.js';
import type { Forward } from './forward.js';
import { platformTarget } from './platform-target.js';

/**
 * `ANY /proxy/{appId}/…`: the same call of the platform with the app's token, so that a client in any language needs
 * none.
 */
export function proxy(forward: Forward): RequestHandler<{ appId: string }> {
  return async (request, response) => {
    const { appId } = request.params;
    // As it stood in the request line: whatever was decoded on the way here could mean something else.
    const [, rest = ''] = /^\/proxy\/[^/?#]+(.*)$/s.exec(request.originalUrl) ?? [];
    const target = platformTarget(rest);
    if (target.is !== 'target') {
      const code = target.is === 'refused' ? 'forbidden' : 'invalid_request';
      throw new HttpProblem(code, { detail: target.detail });
    }
    const { name: client } = clientOf(response);
    await forward(request, response, { appId, target, mount: `/proxy/${appId}`, client });
  };
}
