import { App, type Ticket, type TicketType } from './app.js';
import type { AppConfig } from './app-config.js';
import { type Counters, countIssued, newCounters } from './counters.js';
import { newIdText, newTokenText, type RandomBytes } from './random-text.js';
import { DEFAULT_LIFETIMES, DEFAULT_LIMITS, type Lifetimes, type Limits, stableRenewMs } from './settings.js';
import { TokenLedger } from './token-ledger.js';
import { rotate } from './token-pool.js';
import {
  checkTokenRecord,
  supersede,
  type TokenEndpoint,
  type TokenRecord,
  type TokenVerdict,
} from './token-record.js';

/** The platform: its apps, their tokens and its settings. It knows no clock and no network. */
export class Platform {
  readonly random: RandomBytes;
  readonly changed: () => void;
  readonly apps = new Map<string, App>();
  readonly lifetimes: Lifetimes = { ...DEFAULT_LIFETIMES };
  readonly limits: Limits = { ...DEFAULT_LIMITS };
  /** Where the platform believes all callers to be; undefined: where they are. */
  callerAddress: string | undefined;
  readonly #ledger = new TokenLedger();
  readonly #counters = new Map<string, Counters>();

  /** @param changed called whenever something changed that a state file keeps */
  constructor(random: RandomBytes, changed: () => void = () => {}) {
    this.random = random;
    this.changed = changed;
  }

  putApp(config: AppConfig): App {
    const app = this.apps.get(config.appId) ?? new App(config);
    app.config = config;
    this.apps.set(config.appId, app);
    this.changed();
    return app;
  }

  /** The app's tokens die with it. */
  removeApp(app: App, nowMs: number): void {
    this.revoke(app, undefined, false, nowMs);
    this.apps.delete(app.config.appId);
    this.changed();
  }

  /** The counters of one app, or with '' of all calls together. */
  counters(appId: string): Counters {
    const known = this.#counters.get(appId);
    if (known) return known;
    const fresh = newCounters();
    this.#counters.set(appId, fresh);
    return fresh;
  }

  /** Counts something in the counters of the app, if it is known which, and in those of all together. */
  count(app: App | undefined, step: (counters: Counters) => void): void {
    if (app) step(this.counters(app.config.appId));
    step(this.counters(''));
  }

  /** Issues a token that replaces the pool's current one. */
  issue(app: App, endpoint: TokenEndpoint, nowMs: number): TokenRecord {
    const expiresAtMs = nowMs + this.lifetimes.tokenSeconds * 1000;
    const record: TokenRecord = {
      appId: app.config.appId,
      endpoint,
      accessToken: newTokenText(this.random),
      issuedAtMs: nowMs,
      expiresAtMs,
      renewFromMs: expiresAtMs - stableRenewMs(this.lifetimes),
      usableUntilMs: expiresAtMs,
      superseded: false,
    };
    this.#ledger.add(record);
    const dropped = rotate(app.pools[endpoint], record, this.lifetimes.overlapSeconds * 1000, nowMs);
    if (dropped) this.#ledger.retire(dropped);
    this.count(app, (counters) => countIssued(counters, endpoint));
    this.changed();
    return record;
  }

  /** The app's ticket while it lives, else a new one. */
  ticket(app: App, type: TicketType, nowMs: number): Ticket {
    const known = app.tickets[type];
    if (known && nowMs < known.expiresAtMs) return known;
    const fresh = {
      ticket: newIdText(this.random, 86),
      expiresAtMs: nowMs + this.lifetimes.ticketSeconds * 1000,
    };
    app.tickets[type] = fresh;
    this.changed();
    return fresh;
  }

  /** Takes a token back into the books that was issued before a restart. */
  restoreToken(record: TokenRecord): void {
    this.#ledger.add(record);
  }

  findToken(accessToken: string): TokenRecord | undefined {
    return this.#ledger.find(accessToken);
  }

  checkToken(accessToken: string, nowMs: number): TokenVerdict {
    return checkTokenRecord(this.#ledger.find(accessToken), nowMs);
  }

  /**
   * Ends tokens at once, without overlap: the given one, or all of the app.
   * @param stuck stable_token goes on to hand the dead token out in normal mode until a forced call or its renewal
   * @returns how many tokens died
   */
  revoke(app: App, accessToken: string | undefined, stuck: boolean, nowMs: number): number {
    let revoked = 0;
    for (const pool of Object.values(app.pools)) {
      for (const slot of ['current', 'previous'] as const) {
        const record = pool[slot];
        if (!record || (accessToken !== undefined && record.accessToken !== accessToken)) continue;
        if (checkTokenRecord(record, nowMs) === 0) revoked += 1;
        supersede(record, nowMs, nowMs);
        if (stuck) continue;
        delete pool[slot];
        this.#ledger.retire(record);
      }
    }
    this.changed();
    return revoked;
  }
}
