import { z } from 'zod';
import { type CredentialId, emptyState, type KeeperState, noUsage } from '../keeper/state.js';
import { DATA_FORMAT, newerData } from './data-format.js';
import type { Sealer } from './sealer.js';
import { stateSchema } from './state-schema.js';

const format2 = z.object({ format: z.literal(DATA_FORMAT), sealed: z.string() });

const newerFormat = z.looseObject({ format: z.int().min(DATA_FORMAT + 1) });

/** Version 0.1.0 sealed the value only, and had other names for some fields. */
const format1 = z.looseObject({
  format: z.literal(1),
  record: z.looseObject({ value: z.string() }).nullable().default(null),
  verification: z.unknown().optional(),
  usage: z.looseObject({}).optional(),
});

/** The whole state, sealed, in one line of JSON. */
export function encodeState(id: CredentialId, state: KeeperState, sealer: Sealer): string {
  return JSON.stringify({
    format: DATA_FORMAT,
    sealed: sealer.seal(JSON.stringify(state), contextOf(id, 'state')),
  });
}

/**
 * @throws Error when the text is not a sealed state, was sealed under another key or for another credential, or is absurd;
 * CodedError `newer_data` when a newer version has written it
 */
export function decodeState(id: CredentialId, text: string | null, sealer: Sealer): KeeperState {
  if (text === null) return emptyState;
  const stored: unknown = JSON.parse(text);
  const old = format1.safeParse(stored);
  if (old.success) return stateSchema.parse(fromFormat1(id, old.data, sealer));
  const newer = newerFormat.safeParse(stored);
  if (newer.success) throw newerData(newer.data.format);
  const { sealed } = format2.parse(stored);
  const state: unknown = JSON.parse(sealer.unseal(sealed, contextOf(id, 'state')));
  return stateSchema.parse({ ...emptyState, ...(state as Partial<KeeperState>) });
}

function fromFormat1(id: CredentialId, old: z.infer<typeof format1>, sealer: Sealer): unknown {
  const { format: _, record, verification = null, usage, ...rest } = old;
  const unsealed = record && { ...record, value: sealer.unseal(record.value, contextOf(id, 'value')) };
  return {
    ...emptyState,
    ...rest,
    record: unsealed,
    lastCheck: verification,
    usage: { ...noUsage, ...usage },
  };
}

/** What the sealed values of a stored state may be bound to. */
export function stateContexts(id: CredentialId): readonly string[] {
  return [contextOf(id, 'state'), contextOf(id, 'value')];
}

function contextOf({ appId, kind }: CredentialId, field: 'state' | 'value'): string {
  return `${appId}/${kind}/${field}`;
}
