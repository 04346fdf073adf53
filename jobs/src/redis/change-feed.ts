import type { CredentialId, KeeperState } from '../keeper/state.js';
import type { RedisClient } from './connections.js';
import { keys } from './keys.js';
import type { Sealer } from './sealer.js';
import { decodeState } from './state-codec.js';

/** What servers tell each other over the channel: a new state, sealed; or only that a lease is free. */
interface ChangeMessage extends CredentialId {
  readonly state?: string;
}

export function encodeChange(message: ChangeMessage): string {
  return JSON.stringify(message);
}

export interface ChangeFeedOptions {
  /** A connection of its own: a subscriber can do nothing else. */
  readonly redis: RedisClient;
  readonly sealer: Sealer;
  /** Another server, or this one, committed a state. */
  readonly onState: (id: CredentialId, state: KeeperState) => void;
  /** A lease was given back. */
  readonly onReleased: (id: CredentialId) => void;
  /** The connection is there (again). Messages may have been missed, so memory has to be compared with the store. */
  readonly onConnect: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Follows what servers commit, for as long as the connection is open. Resolves after the first `onConnect`. */
export async function followChanges(options: ChangeFeedOptions): Promise<void> {
  const { redis, sealer, onState, onReleased, onConnect, onError } = options;
  redis.on('message', (_channel: string, text: string) => {
    try {
      const { appId, kind, state } = JSON.parse(text) as ChangeMessage;
      const id = { appId, kind };
      if (state === undefined) onReleased(id);
      else onState(id, decodeState(id, state, sealer));
    } catch (error) {
      onError(error);
    }
  });
  const connect = async () => {
    await redis.subscribe(keys.changes);
    await onConnect();
  };
  await connect();
  redis.on('ready', () => void connect().catch(onError));
}
