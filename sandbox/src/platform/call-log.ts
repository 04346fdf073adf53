/** One call of the platform, as it is told through the control interface. */
export interface CallEntry {
  /** When it came, by the sandbox's clock. Unix milliseconds. */
  atMs: number;
  method: string;
  path: string;
  /** As sent, with any secret masked. */
  query: Readonly<Record<string, string>>;
  /** Whose call it was, if its token or app id told. */
  appId?: string;
  /** The access token as sent. */
  token?: string;
  /** 0 for a success; missing where an injected fault left the call without an answer of the platform's. */
  errcode?: number;
  /** The injected fault that struck it. */
  fault?: string;
  /** The body, if it was a JSON object of at most 16 KiB; any secret masked. */
  body?: Readonly<Record<string, unknown>>;
}

/** Which calls to list; left out: all. */
export interface CallFilter {
  appId?: string | undefined;
  /** Exact path. */
  path?: string | undefined;
  errcode?: number | undefined;
  /** Only the last so many. */
  last?: number | undefined;
}

/** How many calls are remembered. */
const CALLS_MAX = 10_000;

/** Remembers the last 10,000 calls. */
export class CallLog {
  #entries: CallEntry[] = [];

  add(entry: CallEntry): void {
    this.#entries.push(entry);
    // Cut rarely, so that a call costs the same however long the log is.
    if (this.#entries.length >= 2 * CALLS_MAX) this.#entries = this.#entries.slice(-CALLS_MAX);
  }

  /** The calls that fit, the oldest first, without secrets. */
  list({ appId, path, errcode, last = CALLS_MAX }: CallFilter = {}): CallEntry[] {
    const hits = this.#entries
      .slice(-CALLS_MAX)
      .filter((entry) => appId === undefined || entry.appId === appId)
      .filter((entry) => path === undefined || entry.path === path)
      .filter((entry) => errcode === undefined || entry.errcode === errcode);
    return last === 0 ? [] : hits.slice(-last).map(withoutSecrets);
  }
}

const secretNames = new Set(['secret', 'appsecret', 'component_appsecret']);

/** A copy in which every secret, at whatever depth, reads `***`. */
function withoutSecrets(entry: CallEntry): CallEntry {
  const masked = JSON.stringify(entry, (key, value) => (secretNames.has(key) ? '***' : value));
  return JSON.parse(masked) as CallEntry;
}
