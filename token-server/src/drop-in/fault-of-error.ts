import { CodedError } from '@zhongkong/shared';
import { NoTokenError } from '../tokens/no-token-error.js';
import { type DropInErrcode, DropInFault, faultOfCode } from './drop-in-fault.js';

/** What each error of our own becomes in WeChat's shape, by its code. SDKs know -1 as "busy, try again". */
const ERRCODES: Readonly<Record<string, DropInErrcode>> = {
  budget_used_up: 45009,
  too_many_guesses: 45011,
};

/**
 * The one table of errors and the faults that they become.
 * @returns undefined for an error that nobody foresaw
 */
export function faultOfError(error: unknown): DropInFault | undefined {
  if (error instanceof DropInFault) return error;
  if (error instanceof NoTokenError && error.failure?.errcode !== undefined) {
    const { errcode, errmsg } = error.failure;
    return new DropInFault(withoutRid(errmsg), { errcode, cause: error });
  }
  if (error instanceof CodedError) return faultOfCode(ERRCODES[error.code] ?? -1, error);
  // A body that is too long, or in an encoding that Express does not know.
  if (error instanceof Error && 'status' in error) return faultOfCode(47001, error);
  return undefined;
}

/** A call's own answer must not say what the fetch of a token was answered: there, 40001 means a wrong secret. */
export function faultOfCall(error: unknown): DropInFault | undefined {
  return error instanceof NoTokenError ? faultOfCode(-1, error) : faultOfError(error);
}

/** Without WeChat's request id: the answer gets one of ours. */
export function withoutRid(errmsg: string): string {
  return errmsg.replace(/,? rid: [0-9a-f-]+$/, '');
}
