import type { Readable } from 'node:stream';

/** Faults are a few hundred bytes long, and other texts are rarely as long as this. */
const SMALL_BYTES_MAX = 256 * 1024;
const TEXT =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript)\b|application\/x-www-form-urlencoded)/i;

/** An answer's body: the whole of it when it is a small text, else its beginning and the rest. */
export type AnswerBody =
  | { readonly is: 'small'; readonly bytes: Buffer }
  | { readonly is: 'large'; readonly begin: readonly Buffer[]; readonly rest: AsyncIterator<Buffer> };

/**
 * Reads a body as far as needed to know what it is. WeChat sends faults in place of an image too, and not always under
 * a JSON content type, so a body that begins as JSON counts as text.
 * @throws what ends the body too soon
 */
export async function readAnswer(body: Readable, contentType: string, isCoded: boolean): Promise<AnswerBody> {
  const rest = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const begin: Buffer[] = [];
  let bytes = 0;
  while (true) {
    const { value, done } = await rest.next();
    if (done === true) return { is: 'small', bytes: Buffer.concat(begin) };
    begin.push(value);
    bytes += value.length;
    const isText = !isCoded && (TEXT.test(contentType) || firstVisible(begin) === '{');
    if (!isText || bytes > SMALL_BYTES_MAX) return { is: 'large', begin, rest };
  }
}

/** The body in pieces. Whoever stops reading ends the connection to WeChat. */
export async function* piecesOf(body: AnswerBody): AsyncGenerator<Buffer> {
  if (body.is === 'small') {
    yield body.bytes;
    return;
  }
  const { begin, rest } = body;
  try {
    yield* begin;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function firstVisible(begin: readonly Buffer[]): string {
  return begin[0]?.subarray(0, 64).toString('latin1').trimStart().charAt(0) ?? '';
}
