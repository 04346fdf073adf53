import busboy from 'busboy';
import type { MultipartForm, UploadedFile } from '../platform/platform-request.js';

/** Takes a multipart/form-data body apart; undefined when it is none, or is broken. */
export async function parseMultipart(contentType: string, bytes: Buffer): Promise<MultipartForm | undefined> {
  if (!contentType.startsWith('multipart/form-data')) return undefined;
  try {
    return await parse(contentType, bytes);
  } catch {
    return undefined;
  }
}

function parse(contentType: string, bytes: Buffer): Promise<MultipartForm> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = {};
    const files: UploadedFile[] = [];
    const parser = busboy({ headers: { 'content-type': contentType }, defParamCharset: 'utf8' });
    parser.on('field', (name, value) => {
      fields[name] = value;
    });
    parser.on('file', (field, stream, { filename, mimeType }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', reject);
      stream.on('end', () => {
        files.push({ field, filename: filename ?? '', contentType: mimeType, bytes: Buffer.concat(chunks) });
      });
    });
    parser.on('error', reject);
    parser.on('close', () => resolve({ fields, files }));
    parser.end(bytes);
  });
}
