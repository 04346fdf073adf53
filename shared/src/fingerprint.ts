import { createHash } from 'node:crypto';

/** The only form in which a token may be logged, counted or shown: the first 12 hex digits of its SHA-256. */
export function fingerprint(token: string): string {
  return sha256Hex(token).slice(0, 12);
}

/** SHA-256 of a string as 64 hex digits; client keys are kept and compared in this form only. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
