import { z } from 'zod';
import type { World } from '../world.js';
import { appOperations } from './app-operations.js';
import { ControlError } from './control-error.js';
import type { Operation } from './operation.js';
import { tokenOperations } from './token-operations.js';
import { worldOperations } from './world-operations.js';

/** The one table of what the control interface can do, by the name it has over HTTP. */
export const operations = { ...worldOperations, ...appOperations, ...tokenOperations };

export type OperationName = keyof typeof operations;
export type OperationInput<Name extends OperationName> = z.input<(typeof operations)[Name]['input']>;
export type OperationOutput<Name extends OperationName> = ReturnType<(typeof operations)[Name]['run']>;

/**
 * Checks the input and does it.
 * @throws {ControlError} 400 for bad input, 404 for an unknown operation or app, 409 when the platform refuses
 */
export function runOperation(world: World, name: string, input: unknown): unknown {
  const operation = findOperation(name);
  const checked = operation.input.safeParse(input);
  if (!checked.success) throw new ControlError(400, `${name}: ${z.prettifyError(checked.error)}`);
  return operation.run(world, checked.data);
}

/** @throws {ControlError} 404 */
export function findOperation(name: string): Operation {
  if (Object.hasOwn(operations, name)) return operations[name as OperationName] as Operation;
  throw new ControlError(404, `There is no operation ${name}. GET /_sandbox lists them.`);
}
