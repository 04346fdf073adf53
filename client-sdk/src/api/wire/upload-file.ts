import { createReadStream } from 'node:fs';
import { basename, extname } from 'node:path';

/** A file to upload: its bytes in `value`, or where it lies in `path`. */
export type UploadFile = UploadedValue | UploadedPath;

interface UploadedValue {
  /** A Buffer or other bytes, a Blob, or a stream, which is read to its end before anything is sent. */
  readonly value: Uint8Array | ArrayBuffer | Blob | AsyncIterable<Uint8Array>;
  /** MIME type. @defaultValue the Blob's own, or what the file name's extension says */
  readonly contentType?: string | undefined;
  /** WeChat looks at its extension. @defaultValue the File's own, or `file` with the type's extension */
  readonly fileName?: string | undefined;
}

interface UploadedPath {
  /** A file of this machine. Never fill this with what a user sent. */
  readonly path: string;
  /** MIME type. @defaultValue what the file name's extension says */
  readonly contentType?: string | undefined;
  /** @defaultValue the last part of `path` */
  readonly fileName?: string | undefined;
}

/** A file that is ready to be sent, as often as it takes. */
export interface LoadedFile {
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly fileName: string;
}

/** More than any API of WeChat takes; bounds what a stream may cost. */
const FILE_BYTES_MAX = 32 * 1024 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  bmp: 'image/bmp',
  webp: 'image/webp',
  amr: 'audio/amr',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
};

/**
 * Reads a file into memory, so that it can be sent again with another token. WeChat's largest is 10 MB.
 * @param name how messages call the argument: `img.aiCrop: img`
 * @throws TypeError when it is no file, cannot be read, is empty or has more than 32 MiB; what the caller's own
 * stream throws
 */
export async function loadFile(name: string, file: UploadFile): Promise<LoadedFile> {
  if (typeof file !== 'object' || file === null)
    throw new TypeError(`${name} must be { value } or { path } of a file`);
  for (const key of ['contentType', 'fileName'] as const) requireHeaderText(`${name}.${key}`, file[key]);
  const bytes = 'path' in file ? await readPath(name, file.path) : await readValue(name, file.value);
  if (bytes.length === 0) throw new TypeError(`${name} is empty`);
  const own = 'value' in file && file.value instanceof Blob ? file.value : undefined;
  const given = file.fileName ?? ('path' in file ? basename(file.path) : own instanceof File ? own.name : '');
  const contentType =
    file.contentType || own?.type || TYPES[extensionOf(given)] || 'application/octet-stream';
  return { bytes, contentType, fileName: given || `file${extensionFor(contentType)}` };
}

/** Both stand in headers of the part. */
function requireHeaderText(name: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== 'string' || value === '' || /[\r\n]/.test(value))
    throw new TypeError(`${name} must be a non-empty string of one line`);
}

async function readPath(name: string, path: unknown): Promise<Buffer> {
  if (typeof path !== 'string' || path === '') throw new TypeError(`${name}.path must be a non-empty string`);
  try {
    return await collect(name, createReadStream(path));
  } catch (error) {
    if (error instanceof TypeError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new TypeError(`${name}.path cannot be read (${code})`, { cause: error });
  }
}

async function readValue(name: string, value: unknown): Promise<Buffer> {
  if (value instanceof Blob) {
    if (value.size > FILE_BYTES_MAX) throw tooLarge(name);
    return Buffer.from(await value.arrayBuffer());
  }
  if (ArrayBuffer.isView(value))
    return bounded(name, Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  if (isArrayBuffer(value)) return bounded(name, Buffer.from(value));
  if (typeof value === 'object' && value !== null && Symbol.asyncIterator in value)
    return collect(name, value as AsyncIterable<Uint8Array>);
  throw new TypeError(`${name}.value must be a Buffer, a Blob or a stream`);
}

/** Also of another realm, such as a test's or a function host's. */
function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}

async function collect(name: string, stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > FILE_BYTES_MAX) throw tooLarge(name);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function bounded(name: string, bytes: Buffer): Buffer {
  if (bytes.length > FILE_BYTES_MAX) throw tooLarge(name);
  return bytes;
}

function tooLarge(name: string): TypeError {
  return new TypeError(`${name} has more than ${FILE_BYTES_MAX / 1024 / 1024} MiB`);
}

function extensionOf(fileName: string): string {
  return extname(fileName).slice(1).toLowerCase();
}

function extensionFor(contentType: string): string {
  const [type = ''] = contentType.split(';');
  const extension = Object.keys(TYPES).find((key) => TYPES[key] === type.trim().toLowerCase());
  return extension === undefined ? '' : `.${extension}`;
}
