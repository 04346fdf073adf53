import { randomBytes } from 'node:crypto';
import type { LoadedFile } from './upload-file.js';

/** A body of `multipart/form-data` as one piece, so that it can be sent again. */
export interface MultipartBody {
  readonly body: Buffer;
  readonly contentType: string;
}

export interface MultipartFile extends LoadedFile {
  /** Name of the part: `media`, `img`. */
  readonly field: string;
}

/** @param fields texts that go before the file */
export function encodeMultipart(
  file: MultipartFile,
  fields: Readonly<Record<string, string>> = {},
  boundary = `zhongkong-${randomBytes(16).toString('hex')}`,
): MultipartBody {
  const texts = Object.entries(fields).map(([name, value]) => `${head(boundary, name)}\r\n\r\n${value}\r\n`);
  const fileHead =
    `${head(boundary, file.field)}; filename="${quoted(file.fileName)}"\r\n` +
    `Content-Type: ${file.contentType}\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(texts.join('') + fileHead),
    file.bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return { body, contentType: `multipart/form-data; boundary=${boundary}` };
}

function head(boundary: string, name: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"`;
}

/** As browsers write names: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
function quoted(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}
