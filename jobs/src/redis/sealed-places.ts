import type { CredentialId } from '../keeper/state.js';
import { createKeys } from './keys.js';
import { stateContexts } from './state-codec.js';

/** Where sealed values are: the fields of hashes. */
export interface SealedPlace {
  /** The key of a hash, or a pattern of SCAN with `*`. */
  readonly key: string;
  /** The field that holds sealed values; null: every field may. */
  readonly field: string | null;
  /** What the values there may be bound to. */
  readonly contextsOf: (key: string, field: string) => readonly string[];
}

/** The states of all credentials, also of apps that no server knows any more. */
export function credentialPlace(prefix: string): SealedPlace {
  const keys = createKeys(prefix, 0);
  const [start = '', rest = ''] = keys.data({ appId: '*', kind: '*' as CredentialId['kind'] }).split('*');
  return {
    key: `${start}*${rest}*:data`,
    field: 'state',
    contextsOf(key) {
      const [appId = '', kind = ''] = key.slice(start.length, -':data'.length).split(rest);
      return stateContexts({ appId, kind: kind as CredentialId['kind'] });
    },
  };
}

/** A hash whose fields are the ids of what is sealed in them. */
export function hashPlace(key: string, contextOf: (field: string) => string): SealedPlace {
  return { key, field: null, contextsOf: (_key, field) => [contextOf(field)] };
}
