import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const FORMAT = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encryption of what must not be readable at rest. */
export interface Sealer {
  /** @param context what the text belongs to (app and field); the same must be named to open it */
  seal(text: string, context: string): string;
  /** @throws Error when the key or the context is another one, or the text was changed */
  unseal(sealed: string, context: string): string;
  /** The same for the same key, and of no use to find the key. */
  readonly keyCheck: string;
}

/** AES-256-GCM under the master key. @throws RangeError when the key is not 32 bytes long */
export function createSealer(masterKey: Buffer): Sealer {
  if (masterKey.length !== 32) throw new RangeError('the master key must be 32 bytes long');
  return {
    keyCheck: createHmac('sha256', masterKey).update('zhongkong master key check').digest('hex'),
    seal(text, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', masterKey, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${FORMAT}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    unseal(sealed, context) {
      const [format, encoded] = sealed.split('.');
      if (format !== FORMAT || encoded === undefined) throw new Error('sealed in an unknown format');
      const bytes = Buffer.from(encoded, 'base64url');
      const body = bytes.subarray(IV_BYTES + TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', masterKey, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
}
