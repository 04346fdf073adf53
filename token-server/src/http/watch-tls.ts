import { statSync } from 'node:fs';
import { readTls, type TlsMaterial, type TlsPaths, type TlsSettings } from '../config/tls-files.js';
import type { Logger } from '../logger.js';
import { certificateWarning } from './certificate-warning.js';

const CHECK_EVERY_MS = 400;
const WARN_EVERY_MS = 86_400_000;

export interface WatchTlsDeps {
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Uses new material for connections that begin from now on. */
  readonly apply: (material: TlsMaterial) => void;
}

/** Reads the files again when they change, within a second. */
export function watchTls(settings: TlsSettings, deps: WatchTlsDeps): { stop(): void } {
  const check = createTlsCheck(settings, deps);
  check();
  const timer = setInterval(check, CHECK_EVERY_MS).unref();
  return { stop: () => clearInterval(timer) };
}

/**
 * Makes the function that looks at the files once. While they do not fit each other, as between the replacement
 * of the certificate and that of its key, the old ones stay in use; if it remains so, that is reported once.
 */
export function createTlsCheck({ paths, material }: TlsSettings, { log, apply }: WatchTlsDeps): () => void {
  let current = material;
  let settled = versionOf(paths);
  let faulty: string | undefined;
  let warnedAtMs = Number.NEGATIVE_INFINITY;

  function warnOfEnd(): void {
    const nowMs = Date.now();
    const warning = certificateWarning(current, paths.cert, nowMs);
    if (warning === undefined || nowMs - warnedAtMs < WARN_EVERY_MS) return;
    warnedAtMs = nowMs;
    log.warn(warning);
  }

  return () => {
    warnOfEnd();
    const version = versionOf(paths);
    if (version === settled) return;
    const read = readTls(paths);
    if (!read.ok) {
      // Once more, since the files may be in the middle of being replaced.
      if (version === faulty) {
        settled = version;
        const faults = read.faults.map(({ key, message }) => `${key}: ${message}`).join('; ');
        log.warn(`the new certificate files cannot be used, the old ones stay in use: ${faults}`);
      }
      faulty = version;
      return;
    }
    settled = version;
    faulty = undefined;
    if (read.value.digest === current.digest) return;
    current = read.value;
    apply(current);
    warnedAtMs = Number.NEGATIVE_INFINITY;
    const validUntil = new Date(current.validUntilMs).toISOString();
    log.info({ validUntil }, 'the certificate was replaced; new connections get it');
    warnOfEnd();
  };
}

/** Differs when a file was written or replaced, also by a symbolic link on the way to it. */
function versionOf({ cert, key, clientCa }: TlsPaths): string {
  return [cert, key, clientCa]
    .map((path) => {
      if (path === undefined) return '';
      try {
        const { ino, mtimeNs, ctimeNs, size } = statSync(path, { bigint: true });
        return `${ino} ${mtimeNs} ${ctimeNs} ${size}`;
      } catch (error) {
        return String((error as NodeJS.ErrnoException).code);
      }
    })
    .join();
}
