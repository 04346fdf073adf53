import type { EventEmitter } from 'node:events';
import { CodedError, fingerprint } from '@zhongkong/shared';
import type { ReportAnswer, ReportVerdict, StaleName } from '../keeper/event.js';
import { type KnownLife, knownLife, putRight } from '../keeper/life.js';
import { compareStale, settledVerdict } from '../keeper/on-reported.js';
import { policyWithoutRedis, type RefreshPolicy, ticketPolicy } from '../keeper/policy.js';
import {
  type CredentialId,
  type CredentialRecord,
  emptyState,
  isOlder,
  type KeeperState,
  nameOf,
  type Origin,
} from '../keeper/state.js';
import { dueAtMs, isDormant, liveRecord, mayAskAtMs, seenAliveAtMs } from '../keeper/view.js';
import type { CredentialStore } from '../redis/credential-store.js';
import type { AppSettings, CredentialSource } from '../wechat/source.js';
import type { Log } from './event-log.js';
import type { LeaseWaitEvent } from './events.js';
import { Flight } from './flight.js';
import type { History, HistoryEntry } from './history.js';
import { type Lease, leasePatienceMs, leaseWithoutRedis, takeLease } from './lease.js';
import { type PendingReport, type PushedValue, Session, type SessionDeps } from './session.js';
import { waitForCallback } from './wait-for-callback.js';

/** A client says that a token is dead. */
export interface Report {
  /** The name of the client, for history and metrics. */
  readonly client: string;
  readonly stale: StaleName;
  /** What the client's failed call was answered, if the client says so. */
  readonly errcode?: number | undefined;
  /**
   * The client does not say that the token is dead, but behaves as if it were. A hint waits for the next check, 2 s at
   * most, and leads to a fetch only when the check finds the token dead.
   * @defaultValue false
   */
  readonly isHint?: boolean;
}

/** The access token or a ticket of one app, as this server knows it. */
export interface Credential {
  readonly id: CredentialId;
  readonly policy: RefreshPolicy;
  /** What this server knows; never waits. */
  state(): KeeperState;
  /** The living record in memory; null when there is none. */
  live(): CredentialRecord | null;
  /** The living record; without one, waits up to this long for one, unless WeChat may not be asked before that. */
  awaitLive(timeoutMs: number): Promise<CredentialRecord | null>;
  /** When WeChat may be asked for a value again; null: now. */
  retryAtMs(): number | null;
  /**
   * The passive refresh. Waits for up to 3 s while WeChat cannot be reached, or up to 2 s for a hint.
   * @throws CodedError `store_unavailable`, `taken_over`, `lease_busy` when neither this server nor another can do it
   *   now; `too_many_reports` when 10,000 reports wait already
   */
  report(report: Report): Promise<ReportAnswer>;
  /**
   * Checks the current token, unless it was seen alive within this time on any server: fetched, or found alive by a check.
   * A token that is found dead is refreshed. Waits as a hint does. Without any token the answer comes at once.
   * @param client the name of the client on whose behalf this is done
   * @throws CodedError as `report` does
   */
  ensureSeenAlive(maxAgeMs: number, client: string): Promise<ReportAnswer>;
  /**
   * Asks WeChat for a new value because an operator asks.
   * @param force ends a token that is good; stable mode only @param client the name of the client that asks
   * @throws CodedError as `report` does
   */
  rotate(force: boolean, client: string): Promise<ReportAnswer>;
  /** Takes over a value that another system fetched. @returns the current record @throws CodedError as `report` does */
  push(pushed: PushedValue): Promise<CredentialRecord>;
  /** Does what is due, or plans it. @throws CodedError as `report` does */
  wake(): Promise<void>;
  /** Resolves when no check and no fetch is under way on this server. */
  idle(): Promise<void>;
  /** Fetches and reports, the newest first. @param before only entries older than this id @throws CodedError `store_unavailable` */
  history(limit: number, before?: string): Promise<HistoryEntry[]>;
}

/** What all credentials of an engine share. */
export interface CredentialDeps extends SessionDeps {
  readonly store: CredentialStore;
  readonly history: History;
  readonly log: Log;
  /** The base URL that credentials are fetched from. */
  readonly upstream: string;
  /** No other server can be on this Redis, so everything may be done without it, too. */
  readonly isOnlyServer: boolean;
  /** Emits the name of a credential at each change of its state or its lease. */
  readonly changes: EventEmitter;
  /** Called with each new version. */
  readonly onRecord: (id: CredentialId, record: CredentialRecord) => void;
}

/** A credential with its memory and its single flight. Idle, it is a few plain fields: there may be very many. */
export class ManagedCredential implements Credential {
  readonly id: CredentialId;
  #app: AppSettings;
  #isRetired = false;
  readonly #source: CredentialSource;
  readonly #deps: CredentialDeps;
  #state = emptyState;
  /** What no clock can change. */
  #life: KnownLife | null = null;
  /** A token may have been fetched but not saved; the next session has to know. */
  #inDoubt = false;
  #isStart = true;
  #flight: Flight | null = null;
  #landed: Promise<void> | null = null;

  constructor(id: CredentialId, app: AppSettings, source: CredentialSource, deps: CredentialDeps) {
    this.id = id;
    this.#app = app;
    this.#source = source;
    this.#deps = deps;
  }

  /** Takes changed settings over; they count from the next session on. */
  configure(app: AppSettings): void {
    this.#app = app;
  }

  /** The app was removed: nothing is remembered, and nothing is done any more. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    this.noteChange();
    await this.idle();
    this.#state = emptyState;
  }

  get policy(): RefreshPolicy {
    return this.id.kind === 'access-token' ? this.#app.policy : ticketPolicy(this.#app.policy);
  }

  state(): KeeperState {
    return putRight(this.#state, this.#life, this.#deps.clock.nowMs(), performance.now());
  }

  live(): CredentialRecord | null {
    return liveRecord(this.state(), this.#deps.clock.nowMs());
  }

  retryAtMs(): number | null {
    return mayAskAtMs(this.state(), this.#deps.clock.nowMs());
  }

  async awaitLive(timeoutMs: number): Promise<CredentialRecord | null> {
    const giveUpAt = performance.now() + timeoutMs;
    let isShared = false;
    for (;;) {
      const record = this.live();
      const leftMs = giveUpAt - performance.now();
      const retryInMs = (this.retryAtMs() ?? 0) - this.#deps.clock.nowMs();
      const isPointless = this.#isRetired || this.policy.isPaused || retryInMs > leftMs;
      if (record !== null || leftMs <= 0 || isPointless) return record;
      const change = waitForCallback((callback) => this.#onChange(callback));
      change.endAfter(retryInMs > 0 ? Math.ceil(retryInMs) : leftMs);
      if (!isShared && this.#flight !== null) {
        isShared = true;
        this.#deps.observer.shared?.({ id: this.id, what: 'read', callers: 1 });
      }
      if (retryInMs <= 0 && this.#flight === null) this.wakeSoon();
      await change.happened;
    }
  }

  async report(report: Report): Promise<ReportAnswer> {
    const startedAt = performance.now();
    const reported = this.state().record;
    let answer: ReportAnswer | undefined;
    try {
      answer = await this.#deps.tracer.span('report', this.#facts(report.client), async (note) => {
        const verdict = await this.#judge(report);
        note({ outcome: verdict.is });
        return { verdict, record: this.state().record };
      });
      return answer;
    } finally {
      const { client, errcode } = report;
      const tookMs = performance.now() - startedAt;
      this.#deps.observer.reported({ id: this.id, client, errcode, reported, answer, tookMs });
    }
  }

  async ensureSeenAlive(maxAgeMs: number, client: string): Promise<ReportAnswer> {
    const state = this.state();
    const { record, attempt } = state;
    const ageMs = this.#deps.clock.nowMs() - (seenAliveAtMs(state) ?? 0);
    // While a fetch is under way, by this server or another, its result is worth the wait.
    const isSettled = attempt === null && Math.abs(ageMs) <= maxAgeMs;
    if (record === null || isSettled) return { verdict: { is: 'still-valid' }, record };
    const verdict = await this.#judge({ client, stale: { version: record.version }, isHint: true }, maxAgeMs);
    return { verdict, record: this.state().record };
  }

  rotate(force: boolean, client: string): Promise<ReportAnswer> {
    return this.#deps.tracer.span('rotate', this.#facts(client), () => this.#rotate(force, client));
  }

  async #rotate(force: boolean, client: string): Promise<ReportAnswer> {
    const versionAtArrival = this.state().record?.version ?? 0;
    const verdict = await this.#fly().rotate({ force, client, versionAtArrival });
    return { verdict, record: this.state().record };
  }

  async push(pushed: PushedValue): Promise<CredentialRecord> {
    await this.#deps.tracer.span('push', this.#facts(pushed.client), () => this.#fly().push(pushed));
    const { record } = this.state();
    if (record === null) throw new Error('a token was pushed, and there is none');
    return record;
  }

  async wake(): Promise<void> {
    await this.#fly().wake();
  }

  /** `wake` for callers that cannot wait; a failure is logged, and the next check for overdue credentials retries. */
  wakeSoon(): void {
    this.wake().catch((error: Error) => {
      this.#deps.log.debug({ ...this.id, error: error.message }, 'a session failed; will retry');
    });
  }

  history(limit: number, before?: string): Promise<HistoryEntry[]> {
    return this.#deps.history.read(this.id, limit, before);
  }

  /** Takes a state over, unless it is older than what is known. */
  apply(state: KeeperState): void {
    const known = this.#state;
    if (this.#isRetired || isOlder(state, known)) return;
    this.#state = state;
    this.noteChange();
    this.#life = knownLife(this.#life, state.record, this.#deps.clock.nowMs(), performance.now());
    const { record } = this.state();
    if (record !== null && record.version !== known.record?.version) this.#deps.onRecord(this.id, record);
  }

  /** Wakes those who wait for a change: a new state, or a lease that was given back. */
  noteChange(): void {
    this.#deps.changes.emit(nameOf(this.id));
  }

  /** Reads the store. A store that has lost what is remembered gets it back. */
  async reconcile(): Promise<void> {
    const stored = await this.#deps.store.load(this.id);
    this.apply(stored);
    if (isOlder(stored, this.state())) this.wakeSoon();
  }

  /** A ticket that nobody has asked for yet. */
  get isDormant(): boolean {
    return isDormant(this.id, this.state());
  }

  /** Whether a session was due this long ago, and none is under way. */
  isOverdue(graceMs: number): boolean {
    if (this.#flight !== null || this.#isRetired || this.isDormant) return false;
    const nowMs = this.#deps.clock.nowMs();
    return nowMs > dueAtMs(this.state(), nowMs) + graceMs;
  }

  async idle(): Promise<void> {
    await this.#landed;
  }

  async #judge({ client, stale, isHint = false }: Report, maxCheckAgeMs?: number): Promise<ReportVerdict> {
    if (compareStale(this.state().record, stale) === 'unknown')
      this.apply(await this.#deps.store.load(this.id));
    const versionAtArrival = this.state().record?.version ?? 0;
    const report: PendingReport = {
      client,
      stale,
      isHint,
      versionAtArrival,
      arrivedAt: performance.now(),
      ...(maxCheckAgeMs === undefined ? {} : { maxCheckAgeMs }),
    };
    return this.#settledVerdict(report) ?? this.#fly().report(report);
  }

  #settledVerdict(report: PendingReport): ReportVerdict | null {
    return settledVerdict(this.state(), report, this.#deps.clock.nowMs());
  }

  #facts(client: string) {
    return { app: this.id.appId, credential: this.id.kind, client };
  }

  #fly(): Flight {
    if (this.#flight !== null) return this.#flight;
    if (this.#isRetired)
      throw new CodedError(`The app ${this.id.appId} was removed.`, { code: 'app_removed' });
    const flight = new Flight({
      clock: this.#deps.clock,
      withSession: (work, isWanted) => this.#withSession(work, isWanted),
      settledVerdict: (report) => this.#settledVerdict(report),
      onShared: (callers) => this.#deps.observer.shared?.({ id: this.id, what: 'report', callers }),
    });
    this.#flight = flight;
    this.#landed = flight.run(() => {
      this.#flight = null;
    });
    return flight;
  }

  #withSession<T>(work: (session: Session) => Promise<T>, isWanted: () => boolean): Promise<T | null> {
    const facts = { app: this.id.appId, credential: this.id.kind };
    return this.#deps.tracer.span('session', facts, () => this.#openSession(work, isWanted));
  }

  /** Takes the lease; without Redis, does without where that harms nobody. @returns null when it is no longer wanted */
  async #openSession<T>(work: (session: Session) => Promise<T>, isWanted: () => boolean): Promise<T | null> {
    const { store, isOnlyServer } = this.#deps;
    const { id, policy } = this;
    const alonePolicy = policyWithoutRedis(policy, isOnlyServer);
    const patienceMs = leasePatienceMs(policy.upstreamTimeoutMs);
    const onChange = (callback: () => void) => this.#onChange(callback);
    let isWithoutRedis = false;
    const onWaited = (outcome: LeaseWaitEvent['outcome'], tookMs: number) =>
      this.#deps.observer.leaseWaited?.({ id, outcome, tookMs });
    const lease = await takeLease({ store, id, patienceMs, onChange, isWanted, onWaited }).catch(
      (error: unknown) => {
        const isUnavailable = error instanceof CodedError && error.code === 'store_unavailable';
        if (!isUnavailable || alonePolicy === null) throw error;
        isWithoutRedis = true;
        return leaseWithoutRedis(this.state());
      },
    );
    if (lease === null) return null;
    const session = this.#newSession(lease, (isWithoutRedis && alonePolicy) || policy, alonePolicy !== null);
    try {
      this.apply(lease.stored);
      await session.begin({ remembered: this.state(), inDoubt: this.#inDoubt, isStart: this.#isStart });
      this.#inDoubt = false;
      this.#isStart = false;
      return await work(session);
    } finally {
      this.#inDoubt ||= session.leavesDoubt;
      await lease.release();
    }
  }

  #newSession(lease: Lease, policy: RefreshPolicy, isAllowedWithoutRedis: boolean): Session {
    const source = this.#source;
    const app = this.#app;
    return new Session(this.#deps, {
      id: this.id,
      policy,
      origin: this.#origin(),
      lease,
      isAllowedWithoutRedis,
      fetch: (force) => source.fetch(app, force),
      check: (value) => source.check(app, value),
      onState: (state) => this.apply(state),
    });
  }

  #origin(): Origin {
    const { policy, secret } = this.#app;
    const credentials = fingerprint(`${policy.mode} ${secret}`);
    return { upstream: fingerprint(this.#deps.upstream), credentials };
  }

  #onChange(callback: () => void): () => void {
    const name = nameOf(this.id);
    this.#deps.changes.on(name, callback);
    return () => void this.#deps.changes.off(name, callback);
  }
}
