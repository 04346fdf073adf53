import { z } from 'zod';
import { lessonSchema } from '../apis/lesson.js';
import { faultSchema } from '../faults/fault.js';
import { appIdSchema } from '../platform/app-config.js';
import { assignDefined, lifetimesSchema, limitsSchema } from '../platform/settings.js';
import { operation, requireApp } from './operation.js';

const nothing = z.strictObject({});
const wholeNumber = z.coerce.number<number>().int();

export const worldOperations = {
  clock: operation({
    summary: "the sandbox's time in Unix milliseconds",
    reads: true,
    input: nothing,
    run: ({ clock }) => clock.nowMs(),
  }),
  'advance-clock': operation({
    summary: "set the sandbox's clock ahead; answers the new time",
    input: z.strictObject({ seconds: z.number().nonnegative() }),
    run({ clock, platform }, { seconds }) {
      clock.offsetMs += seconds * 1000;
      platform.changed();
      return clock.nowMs();
    },
  }),
  'set-lifetimes': operation({
    summary:
      'tokenSeconds, overlapSeconds, stableRenewSeconds, ticketSeconds; for what is issued from now on',
    input: lifetimesSchema.partial(),
    run: ({ platform }, part) => ({ ...assignDefined(platform.lifetimes, part) }),
  }),
  'set-limits': operation({
    summary: 'the quotas: tokenPerDay, stablePerDay, stablePerMinute, forcePerDay, forceSpacingSeconds, …',
    input: limitsSchema.partial(),
    run: ({ platform }, part) => ({ ...assignDefined(platform.limits, part) }),
  }),
  'set-caller-address': operation({
    summary: 'the address all callers seem to have; null: their own',
    input: z.strictObject({ address: z.string().min(1).nullable() }),
    run({ platform }, { address }) {
      platform.callerAddress = address ?? undefined;
    },
  }),
  'add-fault': operation({
    summary: 'let something go wrong; answers the number by which it can be cleared',
    input: faultSchema,
    run: ({ faults }, fault) => faults.add(fault),
  }),
  'clear-faults': operation({
    summary: 'clear the fault with this id, or all; answers how many',
    input: z.strictObject({ id: z.int().optional() }),
    run: ({ faults }, { id }) => faults.clear(id),
  }),
  teach: operation({
    summary: 'path, answer, needsToken: what an API answers from now on, known or not',
    input: lessonSchema,
    run({ lessons }, lesson) {
      lessons.set(lesson.path, lesson);
    },
  }),
  forget: operation({
    summary: 'forget what was taught for this path, or for all; answers how many',
    input: z.strictObject({ path: z.string().optional() }),
    run({ lessons }, { path }) {
      const known = path === undefined ? [...lessons.keys()] : [path];
      return known.filter((key) => lessons.delete(key)).length;
    },
  }),
  counters: operation({
    summary: 'what was counted for one app, or for all calls together',
    reads: true,
    input: z.strictObject({ appId: appIdSchema.optional() }),
    run(world, { appId }) {
      if (appId !== undefined) requireApp(world, appId);
      return structuredClone(world.platform.counters(appId ?? ''));
    },
  }),
  calls: operation({
    summary: 'the last calls, the oldest first; by appId, path, errcode, last',
    reads: true,
    input: z.strictObject({
      appId: z.string().optional(),
      path: z.string().optional(),
      errcode: wholeNumber.optional(),
      last: wholeNumber.nonnegative().optional(),
    }),
    run: ({ calls }, filter) => calls.list(filter),
  }),
  reset: operation({
    summary: 'back to how the sandbox was started: apps, settings, clock; no tokens, faults, counts or calls',
    input: nothing,
    run: (world) => world.reset(),
  }),
};
