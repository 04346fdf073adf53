import { z } from 'zod';
import type { App } from '../platform/app.js';
import { type AppConfig, appConfigSchema, appIdSchema } from '../platform/app-config.js';
import { openidOf } from '../platform/login-codes.js';
import { newIdText } from '../platform/random-text.js';
import type { World } from '../world.js';
import { operation, requireApp } from './operation.js';

const appId = appIdSchema;
const { secret, whitelist } = appConfigSchema.shape;

function change(world: World, appId: string, part: Partial<AppConfig>): App {
  return world.platform.putApp({ ...requireApp(world, appId).config, ...part });
}

/** An app as the control interface tells of it: all but the secret. */
function view({ config }: App): Omit<AppConfig, 'secret'> {
  const { secret: _, ...rest } = config;
  return rest;
}

const openid = z.string().regex(/^o[\w-]{27}$/, 'must be an o and 27 letters, digits, _ or -');

export const appOperations = {
  apps: operation({
    summary: 'the apps there are',
    reads: true,
    input: z.strictObject({}),
    run: ({ platform }) => [...platform.apps.values()].map(view),
  }),
  'put-app': operation({
    summary: 'add an app, or give one that is there other settings; its tokens stay',
    input: appConfigSchema,
    run: ({ platform }, config) => view(platform.putApp(config)),
  }),
  'remove-app': operation({
    summary: 'remove an app; its tokens die with it',
    input: z.strictObject({ appId }),
    run(world, { appId }) {
      world.platform.removeApp(requireApp(world, appId), world.clock.nowMs());
    },
  }),
  'set-secret': operation({
    summary: "change the app's secret; its tokens stay",
    input: z.strictObject({ appId, secret }),
    run: (world, { appId, secret }) => view(change(world, appId, { secret })),
  }),
  'set-whitelist': operation({
    summary: 'the addresses that may call with the secret; null: all',
    input: z.strictObject({ appId, addresses: whitelist.unwrap() }),
    run: (world, { appId, addresses }) => view(change(world, appId, { whitelist: addresses })),
  }),
  freeze: operation({
    summary: 'freeze the secret: 40243 wherever it is sent',
    input: z.strictObject({ appId }),
    run: (world, { appId }) => view(change(world, appId, { frozen: true })),
  }),
  unfreeze: operation({
    summary: 'unfreeze the secret',
    input: z.strictObject({ appId }),
    run: (world, { appId }) => view(change(world, appId, { frozen: false })),
  }),
  'add-login-code': operation({
    summary: 'a fresh code, as wx.login or, of kind "phone", the phone-number button gives to a user',
    input: z.strictObject({
      appId,
      openid: openid.optional(),
      kind: z.enum(['login', 'phone']).default('login'),
    }),
    run(world, { appId, openid, kind }) {
      const app = requireApp(world, appId);
      const code = newIdText(world.platform.random, 32).replaceAll(/[_-]/g, '0');
      const user = openid ?? openidOf(appId, code);
      const codes = kind === 'login' ? app.loginCodes : app.phoneCodes;
      codes.add(code, user, world.clock.nowMs());
      return { code, openid: user };
    },
  }),
  interact: operation({
    summary: 'a user sends a message to the app, or with kind "enter" opens its customer service',
    input: z.strictObject({ appId, openid, kind: z.enum(['message', 'enter']).default('message') }),
    run(world, { appId, openid, kind }) {
      requireApp(world, appId).user(openid).conversation.interact(kind, world.clock.nowMs());
    },
  }),
};
