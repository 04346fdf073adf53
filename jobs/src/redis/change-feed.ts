import { z } from 'zod';
import type { CredentialId, KeeperState } from '../keeper/state.js';
import type { RedisClient } from './connections.js';
import type { Keys } from './keys.js';
import type { Sealer } from './sealer.js';
import { decodeState } from './state-codec.js';

/** What servers tell each other over the channel: a new state, sealed; or only that a lease is free. */
const changeMessage = z.object({
  /** The channel that the message was sent on: a message of another installation is never taken. */
  origin: z.string(),
  appId: z.string(),
  kind: z.enum(['access-token', 'jsapi', 'wx_card']),
  state: z.string().optional(),
});

/** Says only that something else than a credential has changed, and is to be read anew. */
const notice = z.object({ origin: z.string(), notice: z.literal(true) });

export function encodeNotice(keys: Keys): string {
  return JSON.stringify({ origin: keys.changes, notice: true } satisfies z.infer<typeof notice>);
}

export function encodeChange(keys: Keys, change: CredentialId & { readonly state?: string }): string {
  return JSON.stringify({ origin: keys.changes, ...change } satisfies z.infer<typeof changeMessage>);
}

export interface ChangeFeedOptions {
  /** A connection of its own: a subscriber can do nothing else. */
  readonly redis: RedisClient;
  readonly keys: Keys;
  readonly sealer: Sealer;
  /** Another server, or this one, committed a state. */
  readonly onState: (id: CredentialId, state: KeeperState) => void;
  /** A lease was given back. */
  readonly onReleased: (id: CredentialId) => void;
  /** The registry was changed. */
  readonly onNotice: () => void;
  /** The connection is there (again). Messages may have been missed, so memory has to be compared with the store. */
  readonly onConnect: () => Promise<void>;
  /** A message of another origin or shape was passed over. */
  readonly onForeign: (error: unknown) => void;
  readonly onError: (error: unknown) => void;
}

/** Follows what servers commit, for as long as the connection is open. Resolves after the first `onConnect`. */
export async function followChanges(options: ChangeFeedOptions): Promise<void> {
  const { redis, keys, sealer, onState, onReleased, onNotice, onConnect, onForeign, onError } = options;
  redis.on('message', (_channel: string, text: string) => {
    try {
      const message = z.union([changeMessage, notice]).parse(JSON.parse(text));
      if (message.origin !== keys.changes) throw new Error(`a message of ${message.origin}`);
      if ('notice' in message) return onNotice();
      const { appId, kind, state } = message;
      const id = { appId, kind };
      if (state === undefined) onReleased(id);
      else onState(id, decodeState(id, state, sealer));
    } catch (error) {
      onForeign(error);
    }
  });
  const connect = async () => {
    await redis.subscribe(keys.changes);
    await onConnect();
  };
  await connect();
  redis.on('ready', () => void connect().catch(onError));
}
