import { type ChangeMessage, decodeChange } from '../redis/change-message.js';
import type { RedisClient } from '../redis/connections.js';
import { keys } from '../redis/keys.js';

export interface ChangeFeedOptions {
  /** A connection of its own: a subscriber can do nothing else. */
  readonly redis: RedisClient;
  readonly changed: (message: ChangeMessage) => void;
  /** Messages may have been missed: what is remembered has to be held against what is stored. */
  readonly resumed: () => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** Hears what the other servers commit, for as long as the connection is open. */
export async function listenForChanges(options: ChangeFeedOptions): Promise<void> {
  const { redis, changed, resumed, failed } = options;
  redis.on('message', (_channel: string, text: string) => {
    try {
      changed(decodeChange(text));
    } catch (error) {
      failed(error);
    }
  });
  const resume = async () => {
    await redis.subscribe(keys.changes);
    await resumed();
  };
  await resume();
  redis.on('ready', () => void resume().catch(failed));
}
