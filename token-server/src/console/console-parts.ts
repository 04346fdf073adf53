import type { RefreshEngine, Sealer } from '@zhongkong/jobs';
import type { Clock } from '@zhongkong/shared';
import type { ClientDirectory } from '../clients/client-directory.js';
import type { SharedMemory } from '../drop-in/shared-memory.js';
import { createLiveFeed, type LiveFeed } from './live-feed.js';
import { type ConsoleSessions, createConsoleSessions } from './sessions.js';

export interface ConsoleDeps {
  readonly sealer: Sealer;
  readonly memory: SharedMemory;
  readonly clients: ClientDirectory;
  readonly clock: Clock;
}

/** What the console needs of the server. */
export interface ConsoleParts {
  readonly live: LiveFeed;
  readonly sessions: ConsoleSessions;
  /** Shows what other servers commit as well. */
  follow(engine: Pick<RefreshEngine, 'onToken'>): void;
}

export function createConsoleParts({ sealer, memory, clients, clock }: ConsoleDeps): ConsoleParts {
  const live = createLiveFeed();
  return {
    live,
    sessions: createConsoleSessions({
      sealer,
      memory,
      findByHash: (hash) => clients.findByHash(hash),
      nowMs: () => clock.nowMs(),
    }),
    follow: (engine) => void engine.onToken((appId) => live.changed(appId)),
  };
}
