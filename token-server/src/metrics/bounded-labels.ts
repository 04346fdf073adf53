/** Stands for every app, or client, that has no series of its own. */
const OTHER = 'other';

/** An app has a dozen series, so this is as much as one Prometheus takes from one server without trouble. */
const APPS_MAX = 1_000;
/** Pairs of an app and a client. */
const CLIENTS_MAX = 2_000;

/**
 * Names apps and clients in labels: the first thousand apps that are seen, and the first two thousand pairs of an app and
 * a client. All others share the name `other`, so that 100,000 apps are as many series as 1,000.
 */
export class BoundedLabels {
  readonly #appsMax: number;
  readonly #clientsMax: number;
  readonly #clientsOf = new Map<string, Set<string>>();
  #clients = 0;

  constructor(appsMax = APPS_MAX, clientsMax = CLIENTS_MAX) {
    this.#appsMax = appsMax;
    this.#clientsMax = clientsMax;
  }

  app(appId: string): string {
    if (this.#clientsOf.has(appId)) return appId;
    if (this.#clientsOf.size >= this.#appsMax) return OTHER;
    this.#clientsOf.set(appId, new Set());
    return appId;
  }

  /** The client of an app, for a series that names the app too. */
  client(appId: string, client: string): string {
    const known = this.#clientsOf.get(this.app(appId));
    if (known === undefined) return OTHER;
    if (known.has(client)) return client;
    if (this.#clients >= this.#clientsMax) return OTHER;
    known.add(client);
    this.#clients += 1;
    return client;
  }

  /** Gives back the places of apps that are gone. @returns these apps */
  keepOnly(isThere: (appId: string) => boolean): string[] {
    const gone = [...this.#clientsOf.keys()].filter((appId) => !isThere(appId));
    for (const appId of gone) {
      this.#clients -= this.#clientsOf.get(appId)?.size ?? 0;
      this.#clientsOf.delete(appId);
    }
    return gone;
  }
}
