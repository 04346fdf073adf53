import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { CodedError } from '@zhongkong/shared';

const IV_BYTES = 12;
const TAG_BYTES = 16;
/** `v1.` names no key: that is what version 0.1.0 can read. */
const SEALED = /^(?:v1|v2\.([0-9a-f]{8}))\.([\w-]+)$/;

/** Encryption of what must not be readable at rest. */
export interface Sealer {
  /** @param context what the text belongs to (app and field); the same must be named to open it */
  seal(text: string, context: string): string;
  /**
   * @throws CodedError `unknown_master_key` when the value names a key that is not in the ring
   * @throws Error when no key of the ring opens it, the context is another one, or the text was changed
   */
  unseal(sealed: string, context: string): string;
}

/** With which key, and in which format, all servers seal: what Redis holds of it. */
export interface SealingKey {
  /** The key, as `keyCheck` tells it. */
  readonly check: string;
  /** As long as servers of version 0.1.0 may share the Redis: `v1`. */
  readonly format: 'v1' | 'v2';
}

/** The master keys that a server knows: each opens what it sealed, and one of them, the active one, seals. */
export interface KeyRing extends Sealer {
  /** Public fingerprints of the keys, in the order in which they were given: the newest first. */
  readonly keyIds: readonly string[];
  /** With what this ring seals. At first: `v2`, with the first key. */
  readonly sealing: SealingKey;
  /** Whether a value is sealed as this ring seals. Such a value needs no re-sealing. */
  isCurrent(sealed: string): boolean;
  /** @returns false when the key is not in the ring, and nothing was changed */
  sealWith(sealing: SealingKey): boolean;
  /** Takes these keys in place of those that it has; the active key has to be among them. */
  replaceKeys(masterKeys: readonly Buffer[]): void;
  /** The keys themselves, the newest first. */
  readonly masterKeys: readonly Buffer[];
  /** How often a value named a key that is not in the ring. */
  readonly unknownKeys: number;
}

/** The same for the same key, and of no use to find the key. */
export function keyCheck(masterKey: Buffer): string {
  return createHmac('sha256', masterKey).update('zhongkong master key check').digest('hex');
}

/** What a sealed value says of its key: 8 hex digits of the key's check. */
export function keyIdOf(check: string): string {
  return check.slice(0, 8);
}

/** The id of the key that a sealed value names; null for `v1` and for what is no sealed value. */
export function namedKeyId(sealed: string): string | null {
  return SEALED.exec(sealed)?.[1] ?? null;
}

/** AES-256-GCM under the master keys, the newest first. @throws RangeError when a key is not 32 bytes long */
export function createSealer(masterKeys: Buffer | readonly Buffer[]): KeyRing {
  return new Ring(Buffer.isBuffer(masterKeys) ? [masterKeys] : masterKeys);
}

interface RingKey {
  readonly masterKey: Buffer;
  readonly check: string;
  readonly id: string;
}

class Ring implements KeyRing {
  #keys: readonly RingKey[];
  #active: RingKey;
  #format: SealingKey['format'] = 'v2';
  #unknownKeys = 0;

  constructor(masterKeys: readonly Buffer[]) {
    this.#keys = masterKeys.map(ringKey);
    const [first] = this.#keys;
    if (first === undefined) throw new RangeError('a master key is needed');
    this.#active = first;
  }

  get keyIds(): readonly string[] {
    return this.#keys.map(({ id }) => id);
  }

  get masterKeys(): readonly Buffer[] {
    return this.#keys.map(({ masterKey }) => masterKey);
  }

  get sealing(): SealingKey {
    return { check: this.#active.check, format: this.#format };
  }

  get unknownKeys(): number {
    return this.#unknownKeys;
  }

  isCurrent(sealed: string): boolean {
    return sealed.startsWith(this.#start()) && SEALED.test(sealed);
  }

  sealWith({ check, format }: SealingKey): boolean {
    const key = this.#keys.find((one) => one.check === check);
    if (key === undefined) return false;
    this.#active = key;
    this.#format = format;
    return true;
  }

  replaceKeys(masterKeys: readonly Buffer[]): void {
    const keys = masterKeys.map(ringKey);
    const active = keys.find(({ check }) => check === this.#active.check);
    if (active === undefined) throw new RangeError('the active master key must stay');
    this.#keys = keys;
    this.#active = active;
  }

  seal(text: string, context: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#active.masterKey, iv).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return this.#start() + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
  }

  unseal(sealed: string, context: string): string {
    const found = SEALED.exec(sealed);
    if (found === null) throw new Error('sealed in an unknown format');
    const [, id, encoded = ''] = found;
    const candidates = this.#keys.filter((key) => id === undefined || key.id === id);
    if (candidates.length === 0) {
      this.#unknownKeys += 1;
      const message = `sealed under a master key that this server does not have (${id})`;
      throw new CodedError(message, { code: 'unknown_master_key' });
    }
    const bytes = Buffer.from(encoded, 'base64url');
    const opened = candidates.map(({ masterKey }) => openWith(masterKey, bytes, context));
    const text = opened.find((one) => one !== undefined);
    if (text === undefined) throw new Error('no master key of this server opens it');
    return text;
  }

  #start(): string {
    return this.#format === 'v1' ? 'v1.' : `v2.${this.#active.id}.`;
  }
}

function ringKey(masterKey: Buffer): RingKey {
  if (masterKey.length !== 32) throw new RangeError('the master key must be 32 bytes long');
  const check = keyCheck(masterKey);
  return { masterKey, check, id: keyIdOf(check) };
}

function openWith(masterKey: Buffer, bytes: Buffer, context: string): string | undefined {
  const iv = bytes.subarray(0, IV_BYTES);
  const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', masterKey, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
    const body = bytes.subarray(IV_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
