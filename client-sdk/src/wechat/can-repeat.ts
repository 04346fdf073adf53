import type { OptionsInit } from 'got';

/** What got says of a body, after it has sent it. */
type Body = OptionsInit['body'];

/**
 * Whether a body can be sent a second time. JSON and forms are strings by the time that they were sent. A stream or a
 * generator has been read by then.
 */
export function canRepeat(body: Body): boolean {
  return body === undefined || typeof body === 'string' || ArrayBuffer.isView(body);
}

/** A form of texts, buffers and files, which can be written out again: nothing in it is used up by reading. */
export function isRepeatableForm(body: unknown): body is FormData {
  return (
    body instanceof FormData &&
    [...body.values()].every((value) => typeof value === 'string' || value instanceof Blob)
  );
}
