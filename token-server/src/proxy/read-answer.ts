import type { Readable } from 'node:stream';
import { decompress, jsonInBody } from '@zhongkong/shared';

/** Faults are a few hundred bytes long, and other texts are rarely as long as this. */
const SMALL_BYTES_MAX = 256 * 1024;
/** A compressed body is read this far, to know what it is; a fault is far shorter. */
const CODED_BYTES_MAX = 16 * 1024;
const KNOWN_ENCODINGS = /^(?:x-gzip|gzip|deflate|br|identity)$/;
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
const TEXT =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript)\b|application\/x-www-form-urlencoded)/i;

/** An answer's body: the whole of it, uncompressed, when it is a small text; else its beginning and the rest. */
export type AnswerBody =
  | {
      readonly is: 'small';
      readonly bytes: Buffer;
      /** The content encoding that the bytes no longer have, or never had. */
      readonly isDecoded: boolean;
    }
  | { readonly is: 'large'; readonly begin: readonly Buffer[]; readonly rest: AsyncIterator<Buffer> };

/**
 * Reads a body as far as needed to know what it is. WeChat sends faults in place of an image too, and not always under
 * a JSON content type, so a body that begins as JSON counts as text.
 * @throws what ends the body too soon
 */
export async function readAnswer(
  body: Readable,
  contentType = '',
  contentEncoding?: string,
): Promise<AnswerBody> {
  const isCoded = contentEncoding !== undefined;
  const isText = TEXT.test(contentType);
  const bytesMax = isCoded && !isText ? CODED_BYTES_MAX : SMALL_BYTES_MAX;
  const rest = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const begin: Buffer[] = [];
  let bytes = 0;
  while (true) {
    const { value, done } = await rest.next();
    if (done === true) return wholeBody(Buffer.concat(begin), contentEncoding);
    begin.push(value);
    bytes += value.length;
    const mayBeText = isText || isCoded || firstVisible(begin) === '{';
    if (!mayBeText || bytes > bytesMax) return { is: 'large', begin, rest };
  }
}

/** The body in pieces. A reader that stops ends the connection to WeChat. */
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

function wholeBody(bytes: Buffer, contentEncoding: string | undefined): AnswerBody {
  if (contentEncoding === undefined) return { is: 'small', bytes, isDecoded: false };
  const isKnown = contentEncoding.split(',').every((name) => KNOWN_ENCODINGS.test(name.trim().toLowerCase()));
  const plain = isKnown ? decoded(bytes, contentEncoding) : undefined;
  if (plain === undefined) return { is: 'large', begin: [bytes], rest: nothing() };
  return { is: 'small', ...plain };
}

function decoded(bytes: Buffer, contentEncoding: string): { bytes: Buffer; isDecoded: boolean } | undefined {
  try {
    const plain = Buffer.from(decompress(bytes, contentEncoding, SMALL_BYTES_MAX));
    // Gateways decompress a body and leave the header.
    return { bytes: plain, isDecoded: !plain.equals(bytes) || jsonInBody(bytes) !== undefined };
  } catch {
    return undefined;
  }
}

async function* nothing(): AsyncGenerator<Buffer> {}

function firstVisible(begin: readonly Buffer[]): string {
  const text = begin[0]?.subarray(0, 64).toString('latin1') ?? '';
  return text.replace(BYTE_ORDER_MARK, '').trimStart().charAt(0);
}
