import { z } from 'zod';
import { appIdSchema } from '../platform/app-config.js';
import { fetchToken } from '../platform/fetch-token.js';
import type { TokenRecord } from '../platform/token-record.js';
import { WechatFault } from '../platform/wechat-fault.js';
import { ControlError } from './control-error.js';
import { operation, requireApp } from './operation.js';

const appId = appIdSchema;

/** A token as the control interface tells of it. */
export interface TokenView {
  accessToken: string;
  /** Whole seconds that are left of its natural life, by the sandbox's clock. */
  expiresIn: number;
  /** Unix milliseconds. */
  issuedAtMs: number;
  /** Unix milliseconds. */
  expiresAtMs: number;
}

function view({ accessToken, issuedAtMs, expiresAtMs }: TokenRecord, nowMs: number): TokenView {
  const expiresIn = Math.max(0, Math.floor((expiresAtMs - nowMs) / 1000));
  return { accessToken, expiresIn, issuedAtMs, expiresAtMs };
}

export const tokenOperations = {
  revoke: operation({
    summary: 'end a token, or all of the app, at once and without overlap; APIs answer 40001',
    input: z.strictObject({ appId, token: z.string().min(1).optional(), stuck: z.boolean().default(false) }),
    run(world, { appId, token, stuck }) {
      return world.platform.revoke(requireApp(world, appId), token, stuck, world.clock.nowMs());
    },
  }),
  'foreign-refresh': operation({
    summary: 'fetch a token as another party that knows the secret would',
    input: z.strictObject({
      appId,
      endpoint: z.enum(['token', 'stable_token']),
      forceRefresh: z.boolean().default(false),
    }),
    run(world, { appId, ...order }) {
      const app = requireApp(world, appId);
      const nowMs = world.clock.nowMs();
      try {
        const token = view(fetchToken(world.platform, app, order, nowMs), nowMs);
        world.platform.count(app, (counters) => (counters.foreign += 1));
        return token;
      } catch (error) {
        if (!(error instanceof WechatFault)) throw error;
        throw new ControlError(
          409,
          `The platform answers the other party ${error.errcode}: ${error.message}.`,
        );
      }
    },
  }),
  'current-tokens': operation({
    summary: "the current token of each of the app's two pools",
    reads: true,
    input: z.strictObject({ appId }),
    run(world, { appId }) {
      const { token, stable_token: stable } = requireApp(world, appId).pools;
      const nowMs = world.clock.nowMs();
      return {
        ...(token.current && { token: view(token.current, nowMs) }),
        ...(stable.current && { stable: view(stable.current, nowMs) }),
      };
    },
  }),
  'check-token': operation({
    summary:
      'what an API would answer this token: 0, 40001 or 42001; with appId also 40001 for the token of another app',
    reads: true,
    input: z.strictObject({ appId: appId.optional(), token: z.string() }),
    run({ platform, clock }, { appId, token }) {
      const isForeign = appId !== undefined && platform.findToken(token)?.appId !== appId;
      return isForeign ? 40001 : platform.checkToken(token, clock.nowMs());
    },
  }),
};
