import type { ServerResponse } from 'node:http';
import type { ClientSettings } from '../config/config.js';
import { type ClientDirectory, describe } from './client-directory.js';

/**
 * Calls that may take long (streams, proxied calls), by the key that opened them. They end when the key is revoked or its
 * time is over, and when its rights change, so that the client comes again with those.
 */
export class OpenCalls {
  readonly #directory: Pick<ClientDirectory, 'findByHash'>;
  readonly #calls = new Map<string, { readonly rights: string; readonly responses: Set<ServerResponse> }>();

  constructor(directory: Pick<ClientDirectory, 'findByHash'>) {
    this.#directory = directory;
  }

  track(client: ClientSettings, response: ServerResponse): void {
    const rights = describe(client);
    const known = this.#calls.get(client.keySha256);
    // Calls with other rights are about to be ended.
    const group = known?.rights === rights ? known : { rights, responses: new Set<ServerResponse>() };
    if (group !== known) {
      for (const old of known?.responses ?? []) old.destroy();
      this.#calls.set(client.keySha256, group);
    }
    group.responses.add(response);
    response.once('close', () => {
      group.responses.delete(response);
      if (group.responses.size === 0 && this.#calls.get(client.keySha256) === group)
        this.#calls.delete(client.keySha256);
    });
  }

  /** Ends what may not go on. Called every second, and after each change of the clients. */
  check(): void {
    for (const [hash, { rights, responses }] of this.#calls) {
      const client = this.#directory.findByHash(hash);
      if (client !== undefined && describe(client) === rights) continue;
      for (const response of responses) response.destroy();
    }
  }
}
