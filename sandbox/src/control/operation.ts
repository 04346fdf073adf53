import type { z } from 'zod';
import type { App } from '../platform/app.js';
import type { World } from '../world.js';
import { ControlError } from './control-error.js';

/** Something that the control interface can do: the same as a function and over HTTP. */
export interface Operation<Schema extends z.ZodType = z.ZodType, Output = unknown> {
  /** One line for the list at /_sandbox. */
  summary: string;
  /** Changes nothing, and so may be asked by GET, its input in the query. */
  reads?: true;
  input: Schema;
  run(world: World, input: z.output<Schema>): Output;
}

/** Ties the input of `run` to the schema. */
export function operation<Schema extends z.ZodType, Output>(
  definition: Operation<Schema, Output>,
): Operation<Schema, Output> {
  return definition;
}

/** @throws {ControlError} 404 */
export function requireApp(world: World, appId: string): App {
  const app = world.platform.apps.get(appId);
  if (app) return app;
  throw new ControlError(404, `There is no app ${appId}. Put it in with putApp (put-app) first.`);
}
