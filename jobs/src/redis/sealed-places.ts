import type { CredentialId } from '../keeper/state.js';
import { createKeys } from './keys.js';
import { REGISTRY_TABLES, registryContext } from './registry-store.js';
import { stateContexts } from './state-codec.js';

/** Where sealed values are: the fields of hashes. */
export interface SealedPlace {
  /** The key of a hash, or a pattern of SCAN with `*`. */
  readonly key: string;
  /** The field that holds sealed values; null: every field does. */
  readonly field: string | null;
  /** What the values there may be bound to. */
  readonly contextsOf: (key: string, field: string) => readonly string[];
}

/** Every place of an installation. A change that seals something new adds its place here. */
export function sealedPlaces(prefix: string): readonly SealedPlace[] {
  const { registry } = createKeys(prefix, 0);
  const tables = REGISTRY_TABLES.map(
    (table): SealedPlace => ({
      key: registry[table],
      field: null,
      contextsOf: (_key, id) => [registryContext(table, id)],
    }),
  );
  return [credentials(prefix), ...tables];
}

/** The states of all credentials, also of apps that no server knows any more. */
function credentials(prefix: string): SealedPlace {
  const [start, middle, end] = [`${prefix}:{`, '}:', ':data'];
  return {
    key: `${start}*${middle}*${end}`,
    field: 'state',
    contextsOf(key) {
      const [appId = '', kind = ''] = key.slice(start.length, -end.length).split(middle);
      return stateContexts({ appId, kind: kind as CredentialId['kind'] });
    },
  };
}
