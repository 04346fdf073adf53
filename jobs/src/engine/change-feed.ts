import type { Redis } from 'ioredis';
import { type ChangeMessage, decodeChange } from '../redis/change-message.js';
import { keys } from '../redis/keys.js';

export interface ChangeFeedOptions {
  /** A connection of its own: a subscriber can do nothing else. */
  readonly redis: Redis;
  readonly changed: (message: ChangeMessage) => void;
  /** Messages may have been missed: what is remembered has to be read anew. */
  readonly resumed: () => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** Hears what the other servers commit. @returns a function that stops listening */
export async function listenForChanges(options: ChangeFeedOptions): Promise<() => void> {
  const { redis, changed, resumed, failed } = options;
  redis.on('message', (_channel, text) => {
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
  redis.on('ready', () => void resume().catch(failed));
  await resume();
  return () => redis.disconnect();
}
