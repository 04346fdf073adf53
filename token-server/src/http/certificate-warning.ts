import type { TlsMaterial } from '../config/tls-files.js';

const DAY_MS = 86_400_000;
const WARN_DAYS_BEFORE = 14;

/** What an operator should know about the dates of a certificate. */
export function certificateWarning(
  { validFromMs, validUntilMs }: Pick<TlsMaterial, 'validFromMs' | 'validUntilMs'>,
  path: string,
  nowMs: number,
): string | undefined {
  const until = new Date(validUntilMs).toISOString();
  const remedy = 'replace the files of TLS_CERT and TLS_KEY, which needs no restart';
  if (nowMs >= validUntilMs) return `the certificate in ${path} has expired at ${until}: ${remedy}`;
  if (nowMs < validFromMs)
    return `the certificate in ${path} is valid only from ${new Date(validFromMs).toISOString()}: check this machine's clock, or ${remedy}`;
  const days = Math.floor((validUntilMs - nowMs) / DAY_MS);
  if (days >= WARN_DAYS_BEFORE) return undefined;
  return `the certificate in ${path} expires at ${until}, in ${days} days: ${remedy}`;
}
