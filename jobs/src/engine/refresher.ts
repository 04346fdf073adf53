import { setTimeout as sleep } from 'node:timers/promises';
import type { CredentialId } from '../core/credential.js';
import type { ReportVerdict } from '../core/keeper-event.js';
import type { CredentialStore } from '../redis/credential-store.js';
import type { AppSettings } from './app-settings.js';
import { aloneWith, type Lease, LeaseBusyError, takeLease } from './lease.js';
import { SaveError, Session, type SessionTools } from './session.js';

interface Waiter<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** A client's word that a version is dead, waiting for its verdict. */
interface Report extends Waiter<ReportVerdict> {
  readonly version: number;
  readonly client: string;
  readonly arrivedAtMs: number;
}

/** Every queue has a limit. */
const REPORTS_MAX = 10_000;
/** Another server may take over in the middle; more often than this in a row something else is wrong. */
const TAKEOVERS_MAX = 3;

export interface RefresherTools extends SessionTools {
  readonly store: CredentialStore;
  /** Whether a server may refresh this app without asking the others. */
  readonly mayActAlone: (app: AppSettings) => boolean;
  /** The app as it is to be treated meanwhile. */
  readonly whileAlone: (app: AppSettings) => AppSettings;
}

/** More reports wait already than a server takes. */
export class TooManyReportsError extends Error {
  override readonly name = 'TooManyReportsError';
}

/**
 * The one flight per credential and process. What comes in while a session runs waits for the next session, so
 * that a thousand reports are one question.
 */
export class Refresher {
  readonly #tools: RefresherTools;
  readonly #app: AppSettings;
  readonly #id: CredentialId;
  /** A token of ours may have got lost, because it could not be saved; the next session has to know. */
  #inDoubt = false;
  #reports: Report[] = [];
  #wakes: Waiter<void>[] = [];
  #orders: Waiter<void>[] = [];
  #flight: Promise<void> | null = null;

  constructor(tools: RefresherTools, app: AppSettings, id: CredentialId) {
    this.#tools = tools;
    this.#app = app;
    this.#id = id;
  }

  /** Looks what is due, and does it. Rejects when the store is away. */
  wake(): Promise<void> {
    return this.#enqueue(this.#wakes, {});
  }

  /** Fetches a new token whatever the schedule says, within the budget. Rejects when the store is away. */
  order(): Promise<void> {
    return this.#enqueue(this.#orders, {});
  }

  /** Has a version looked at that clients say is dead. @throws TooManyReportsError, or what keeps the store away */
  async report(version: number, client: string): Promise<ReportVerdict> {
    if (this.#reports.length >= REPORTS_MAX) throw new TooManyReportsError('too many reports wait already');
    return this.#enqueue(this.#reports, { version, client, arrivedAtMs: this.#tools.clock.nowMs() });
  }

  get isIdle(): boolean {
    return this.#flight === null;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#flight;
  }

  #enqueue<T, Extra>(queue: (Waiter<T> & Extra)[], extra: Extra): Promise<T> {
    const waiting = new Promise<T>((resolve, reject) => queue.push({ resolve, reject, ...extra }));
    this.#flight ??= this.#fly();
    return waiting;
  }

  get #wanted(): boolean {
    return this.#reports.length + this.#wakes.length + this.#orders.length > 0;
  }

  async #fly(): Promise<void> {
    // One tick for those who come together; it also makes sure that the flight is noted before it can end.
    await null;
    let takeovers = 0;
    while (this.#wanted) {
      try {
        const holdUntilMs = await this.#turn();
        takeovers = 0;
        if (holdUntilMs !== null) await sleep(Math.max(1, holdUntilMs - this.#tools.clock.nowMs()));
      } catch (error) {
        takeovers += 1;
        if (error instanceof SaveError) this.#inDoubt ||= error.leavesDoubt;
        const isTakenOver = error instanceof SaveError && error.reason === 'taken-over';
        if (!isTakenOver || takeovers > TAKEOVERS_MAX) this.#rejectAll(error);
      }
    }
    this.#flight = null;
  }

  /** One session. @returns until when the reports that are left have to wait, or null */
  async #turn(): Promise<number | null> {
    const held = await this.#hold();
    if (held === null) return null;
    const { lease, tools, app } = held;
    try {
      this.#tools.memory.apply(this.#id, lease.stored);
      const session = new Session(tools, {
        app,
        id: this.#id,
        lease,
        mayActAlone: this.#tools.mayActAlone(app),
      });
      await session.begin(this.#inDoubt);
      this.#inDoubt = false;
      return await this.#serve(session);
    } finally {
      await lease.release();
    }
  }

  /**
   * Takes the lease; while Redis is away, does without where that can harm nobody. Null: no longer wanted.
   * @throws LeaseBusyError, or whatever keeps the store away
   */
  async #hold(): Promise<{ lease: Lease; tools: SessionTools; app: AppSettings } | null> {
    const app = this.#app;
    try {
      const lease = await takeLease(this.#tools, this.#id, () => {
        this.#answerSuperseded();
        return this.#wanted;
      });
      return lease && { lease, tools: this.#tools, app };
    } catch (error) {
      if (error instanceof LeaseBusyError || !this.#tools.mayActAlone(app)) throw error;
      const store = { save: async () => true };
      return {
        lease: aloneWith(this.#tools.memory.get(this.#id)),
        tools: { ...this.#tools, store },
        app: this.#tools.whileAlone(app),
      };
    }
  }

  async #serve(session: Session): Promise<number | null> {
    const orders = this.#orders.length;
    if (orders > 0) await session.order();
    for (const order of this.#orders.splice(0, orders)) order.resolve();

    const held: Report[] = [];
    let holdUntilMs: number | null = null;
    for (let count = this.#reports.length; count > 0; count -= 1) {
      const [report] = this.#reports;
      if (report === undefined) break;
      const { version, arrivedAtMs, client } = report;
      const command = await session.settle({ type: 'reported', version, arrivedAtMs }, client);
      this.#reports.shift();
      if (command?.do === 'answer') report.resolve(command.verdict);
      else if (command?.do === 'hold') {
        held.push(report);
        holdUntilMs = command.untilMs;
      } else report.reject(new Error(`the keeper has no answer to a report: ${command?.do}`));
    }
    this.#reports.unshift(...held);

    const wakes = this.#wakes.length;
    await session.settle({ type: 'woken' });
    for (const wake of this.#wakes.splice(0, wakes)) wake.resolve();
    return holdUntilMs;
  }

  /** Another server may have committed meanwhile: those who reported an older version need no session. */
  #answerSuperseded(): void {
    const version = this.#tools.memory.get(this.#id).record?.version ?? 0;
    this.#reports = this.#reports.filter((report) => {
      if (report.version < version) report.resolve({ is: 'superseded' });
      return report.version >= version;
    });
  }

  #rejectAll(error: unknown): void {
    for (const waiter of [...this.#reports, ...this.#wakes, ...this.#orders]) waiter.reject(error);
    this.#reports = [];
    this.#wakes = [];
    this.#orders = [];
  }
}
