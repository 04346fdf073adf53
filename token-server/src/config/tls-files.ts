import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Checked, ConfigFault } from './config-error.js';

/** The files of TLS_CERT, TLS_KEY and TLS_CLIENT_CA. */
export interface TlsPaths {
  readonly cert: string;
  readonly key: string;
  /** Whose client certificates are accepted; undefined: clients need none. */
  readonly clientCa: string | undefined;
}

/** What the files held, after every check. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly clientCa: Buffer | undefined;
  readonly validFromMs: number;
  readonly validUntilMs: number;
  /** Differs when any of the files has another content. */
  readonly digest: string;
}

export interface TlsSettings {
  readonly paths: TlsPaths;
  readonly material: TlsMaterial;
}

type Given = Readonly<Partial<Record<'TLS_CERT' | 'TLS_KEY' | 'TLS_CLIENT_CA', string | undefined>>>;

/** The files that the environment names, read; undefined: no TLS. Relative paths are relative to the folder. */
export function readTlsSettings(given: Given, folder: string): Checked<TlsSettings | undefined> {
  const [cert, key, clientCa] = [given.TLS_CERT, given.TLS_KEY, given.TLS_CLIENT_CA].map(
    (path) => path?.trim() || undefined,
  );
  if (cert === undefined || key === undefined) {
    const faults = [
      ...missing('TLS_CERT', cert, key && 'TLS_KEY needs it: the file with the certificate of that key'),
      ...missing(
        'TLS_KEY',
        key,
        cert && 'TLS_CERT needs it: the file with the private key of that certificate',
      ),
    ];
    if (faults.length === 0 && clientCa !== undefined)
      faults.push(
        faultOf('TLS_CLIENT_CA', 'needs TLS_CERT and TLS_KEY: clients show certificates over HTTPS only'),
      );
    return faults.length === 0 ? { ok: true, value: undefined } : { ok: false, faults };
  }
  const paths = {
    cert: resolve(folder, cert),
    key: resolve(folder, key),
    clientCa: clientCa === undefined ? undefined : resolve(folder, clientCa),
  };
  const read = readTls(paths);
  return read.ok ? { ok: true, value: { paths, material: read.value } } : read;
}

/** Reads the files and checks that they fit each other. */
export function readTls(paths: TlsPaths): Checked<TlsMaterial> {
  const cert = readPem('TLS_CERT', paths.cert, certificateIn);
  const key = readPem('TLS_KEY', paths.key, privateKeyIn);
  const clientCa =
    paths.clientCa === undefined ? undefined : readPem('TLS_CLIENT_CA', paths.clientCa, certificateIn);
  if ('fault' in cert || 'fault' in key || (clientCa !== undefined && 'fault' in clientCa)) {
    return {
      ok: false,
      faults: [cert, key, clientCa].flatMap((one) => (one && 'fault' in one ? [one.fault] : [])),
    };
  }
  if (!cert.value.checkPrivateKey(key.value)) {
    const message = `the key in ${paths.key} does not belong to the certificate in ${paths.cert}, which has to be the first one in its file`;
    return { ok: false, faults: [faultOf('TLS_KEY', message)] };
  }
  const bytes = { cert: cert.bytes, key: key.bytes, clientCa: clientCa?.bytes };
  const refusal = whyOpensslRefuses(bytes);
  if (refusal !== undefined) {
    const message = `the certificate in ${paths.cert} and its key cannot be used (${refusal})`;
    return { ok: false, faults: [faultOf('TLS_CERT', message)] };
  }
  const { validFrom, validTo } = cert.value;
  return {
    ok: true,
    value: {
      ...bytes,
      validFromMs: Date.parse(validFrom),
      validUntilMs: Date.parse(validTo),
      digest: createHash('sha256')
        .update(
          Object.values(bytes)
            .map((part) => part?.toString('base64'))
            .join(),
        )
        .digest('hex'),
    },
  };
}

type Read<T> = { readonly bytes: Buffer; readonly value: T } | { readonly fault: ConfigFault };

function readPem<T>(key: string, path: string, parse: (pem: Buffer) => T): Read<T> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { fault: faultOf(key, `the file ${path} cannot be read (${code})`) };
  }
  try {
    return { bytes, value: parse(bytes) };
  } catch {
    const isSealed = key === 'TLS_KEY' && bytes.includes('ENCRYPTED');
    const what = key === 'TLS_KEY' ? 'private key' : 'certificate';
    const message = isSealed
      ? `the key in ${path} has a passphrase: give it without one (openssl pkey -in KEY -out NEW)`
      : `the file ${path} holds no ${what} in PEM form`;
    return { fault: faultOf(key, message) };
  }
}

/** The first certificate; every further one has to be readable too. */
function certificateIn(pem: Buffer): X509Certificate {
  const blocks = pem
    .toString('latin1')
    .match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]*-----END [^-]*-----/g);
  const [first] = (blocks ?? []).map((block) => new X509Certificate(block));
  if (first === undefined) throw new TypeError('no certificate');
  return first;
}

function privateKeyIn(pem: Buffer): KeyObject {
  return createPrivateKey(pem);
}

function whyOpensslRefuses({
  cert,
  key,
  clientCa,
}: Pick<TlsMaterial, 'cert' | 'key' | 'clientCa'>): string | undefined {
  try {
    createSecureContext({ cert, key, ...(clientCa && { ca: clientCa }) });
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code ?? message;
  }
}

function missing(key: string, value: string | undefined, why: string | undefined): ConfigFault[] {
  return value === undefined && why !== undefined ? [faultOf(key, `is missing; ${why}`)] : [];
}

function faultOf(key: string, message: string): ConfigFault {
  return { key, place: 'environment', message };
}
