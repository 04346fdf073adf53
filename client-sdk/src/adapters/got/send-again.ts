import type { AfterResponseHook, Options, OptionsInit } from 'got';
import { contextOf } from './call-context.js';

/** got's own order to send a request once more. */
export type SendAgain = Parameters<AfterResponseHook>[1];
type Changes = Parameters<SendAgain>[0];

/** Keeps a form as the caller gave it, as got's hook `init`: got itself keeps only what it has made of it. */
export function keepForm({ body }: OptionsInit, options: Options): void {
  if (isRepeatableForm(body)) contextOf(options).zhongkongForm = body;
}

/** What to change to send a request once more, or undefined when its body is used up. */
export function changesToSendAgain(options: Options): Changes | undefined {
  if (canRepeat(options.body)) return { preserveHooks: true };
  const { zhongkongForm: form } = contextOf(options);
  if (form === undefined) return undefined;
  // A form is written with a new boundary, which only got can put into the head.
  const headers = { 'content-type': undefined, 'content-length': undefined };
  return { preserveHooks: true, body: form, headers };
}

/**
 * Whether a body can be sent a second time. JSON and forms are strings by the time that they were sent. A stream or a
 * generator has been read by then.
 */
function canRepeat(body: OptionsInit['body']): boolean {
  return body === undefined || typeof body === 'string' || ArrayBuffer.isView(body);
}

/** A form of texts, buffers and files, which can be written out again: nothing in it is used up by reading. */
function isRepeatableForm(body: unknown): body is FormData {
  return (
    body instanceof FormData &&
    [...body.values()].every((value) => typeof value === 'string' || value instanceof Blob)
  );
}
