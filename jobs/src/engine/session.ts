import { randomUUID } from 'node:crypto';
import { type Clock, CodedError } from '@zhongkong/shared';
import type { FetchOutcome, KeeperCommand, KeeperEvent, StaleName } from '../keeper/event.js';
import type { RefreshPolicy } from '../keeper/policy.js';
import type { Attempt, CredentialId, CredentialRecord, KeeperState, Origin } from '../keeper/state.js';
import { step } from '../keeper/step.js';
import type { CheckResult } from '../wechat/source.js';
import type { EngineObserver } from './events.js';
import type { Lease } from './lease.js';
import type { SpanFacts, Tracer } from './tracer.js';

export interface SessionDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly observer: EngineObserver;
  readonly tracer: Tracer;
  /** Asks for a session at that instant. */
  readonly plan: (id: CredentialId, atMs: number) => Promise<void>;
}

export interface SessionOptions {
  readonly id: CredentialId;
  readonly policy: RefreshPolicy;
  readonly origin: Origin;
  readonly lease: Lease;
  /** When Redis goes away in the middle, go on without it. */
  readonly isAllowedWithoutRedis: boolean;
  readonly fetch: (force: boolean) => Promise<FetchOutcome>;
  readonly check: (value: string) => Promise<CheckResult>;
  /** Called with each state that was saved. */
  readonly onState: (state: KeeperState) => void;
}

/** A report on its way through sessions. */
export interface PendingReport {
  readonly client: string;
  readonly stale: StaleName;
  readonly isHint: boolean;
  /** The version that this server had when the report came in; 0 when it had none. */
  readonly versionAtArrival: number;
  /** By `performance.now()`. */
  readonly arrivedAt: number;
  /** A check this young is enough. @defaultValue only a check since the report came in */
  readonly maxCheckAgeMs?: number;
}

/** A token that another system fetched. */
export interface PushedValue {
  readonly value: string;
  readonly expiresInMs: number;
  /** The name of the client that pushes it. */
  readonly client: string;
}

/** An operator asks for a new token. */
export interface PendingRotation {
  readonly force: boolean;
  /** The name of the client that asks. */
  readonly client: string;
  /** The version that this server had when the operator asked; 0 when it had none. */
  readonly versionAtArrival: number;
}

/** So long a report waits when WeChat cannot be reached. */
const REPORT_PATIENCE_MS = 3_000;
/** So long a hint waits for the next check. */
const HINT_PATIENCE_MS = 2_000;

/** More effects than this in a row would mean that the keeper asks in circles. */
const EFFECTS_MAX = 8;

/**
 * What one holder does while it has the lease. A session decides nothing: it feeds events to the keeper, saves the next
 * state, and carries the command out. Its methods throw a CodedError `taken_over` or `store_unavailable` when a state
 * cannot be saved; what had begun is void then.
 */
export class Session {
  readonly #deps: SessionDeps;
  readonly #options: SessionOptions;
  #state: KeeperState;
  /** The client whose report is being judged. */
  #client: string | undefined;
  /** The token was checked in this session, so after every report that it began with came in. */
  #isChecked = false;
  #leavesDoubt = false;

  constructor(deps: SessionDeps, options: SessionOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#state = options.lease.stored;
  }

  /** A token may have been fetched but not saved. In classic mode it ends the saved one, so the next session has to fetch. */
  get leavesDoubt(): boolean {
    return this.#leavesDoubt;
  }

  /** Combines what is stored, what this server remembers, and what another holder left behind. */
  async begin(known: { remembered: KeeperState; inDoubt: boolean; isStart: boolean }): Promise<void> {
    await this.#feed({ type: 'opened', ...known });
  }

  /** Does what is due, and plans the next session. */
  async wake(): Promise<void> {
    const command = await this.#run(() => ({ type: 'woken' }));
    if (command?.do === 'wake') await this.#plan(command.atMs);
  }

  /** Takes over a token that another system fetched. */
  async push({ value, expiresInMs, client }: PushedValue): Promise<void> {
    const before = this.#state;
    await this.#feed({ type: 'pushed', value, expiresInMs });
    this.#deps.observer.pushed({ id: this.#options.id, client, before, after: this.#state });
  }

  /** Judges a report that came in before this session began. @returns an `answer` or a `retry-report` */
  async report({ client, arrivedAt, ...report }: PendingReport): Promise<KeeperCommand | null> {
    this.#client = client;
    const command = await this.#run(() => {
      const waitedMs = performance.now() - arrivedAt;
      const patienceMs = Math.max(0, (report.isHint ? HINT_PATIENCE_MS : REPORT_PATIENCE_MS) - waitedMs);
      // A hint is content with a check that another server made while it waited.
      const maxCheckAgeMs = report.isHint ? Math.max(waitedMs, report.maxCheckAgeMs ?? 0) : 0;
      return { type: 'reported', ...report, isChecked: this.#isChecked, patienceMs, maxCheckAgeMs };
    });
    this.#client = undefined;
    return command;
  }

  /** Asks WeChat for a new token because an operator asks. @returns an `answer` */
  async rotate({ client, ...rotation }: PendingRotation): Promise<KeeperCommand | null> {
    this.#client = client;
    let isAsked = false;
    const command = await this.#run(() => {
      const event = { type: 'rotated', ...rotation, isAsked } as const;
      isAsked = true;
      return event;
    });
    this.#client = undefined;
    return command;
  }

  /** Feeds an event, carries the command out, and feeds the event again, until a command is left to the caller. */
  async #run(event: () => KeeperEvent): Promise<KeeperCommand | null> {
    let command = await this.#feed(event());
    for (let effects = 0; effects < EFFECTS_MAX; effects += 1) {
      switch (command?.do) {
        case 'fetch':
          command = (await this.#fetch(command.attempt)) ?? (await this.#feed(event()));
          break;
        case 'check':
          await this.#check(command.record, command.onHint);
          command = await this.#feed(event());
          break;
        default:
          return command;
      }
    }
    throw new Error(`the keeper asked for ${EFFECTS_MAX} effects in a row`);
  }

  async #fetch(attempt: Attempt): Promise<KeeperCommand | null> {
    const { id, policy, lease, fetch } = this.#options;
    // A process that was paused since it saved the attempt must not fetch: another may have fetched meanwhile.
    if (!lease.isHeld()) throw takenOver();
    const startedAt = performance.now();
    const facts = { reason: attempt.reason, force: attempt.force };
    const outcome = await this.#span('fetch', facts, async (note) => {
      const found = await fetch(attempt.force);
      note(
        'fetched' in found
          ? { outcome: 'ok' }
          : {
              outcome: found.failure.kind,
              ...(found.failure.errcode !== undefined && { errcode: found.failure.errcode }),
            },
      );
      return found;
    });
    const before = this.#state;
    this.#leavesDoubt = 'fetched' in outcome || outcome.failure.mayHaveSucceeded;
    const next = await this.#feed({ type: 'answered', attemptId: attempt.id, outcome });
    this.#leavesDoubt = false;
    const tookMs = performance.now() - startedAt;
    const client = this.#client;
    this.#deps.observer.fetched({ id, attempt, client, before, after: this.#state, policy, tookMs });
    return next;
  }

  async #check(record: CredentialRecord, onHint: boolean): Promise<void> {
    const startedAt = performance.now();
    const { startedAtMs, verdict } = await this.#span('check', { version: record.version }, async (note) => {
      const result = await this.#options.check(record.value);
      note({ verdict: result.verdict });
      return result;
    });
    await this.#feed({ type: 'checked', version: record.version, startedAtMs, verdict, onHint });
    this.#isChecked = true;
    const tookMs = performance.now() - startedAt;
    this.#deps.observer.checked({ id: this.#options.id, record, verdict, tookMs });
  }

  #span<T>(
    name: string,
    facts: SpanFacts,
    run: (note: (facts: SpanFacts) => void) => Promise<T>,
  ): Promise<T> {
    const { appId, kind } = this.#options.id;
    return this.#deps.tracer.span(name, { app: appId, credential: kind, ...facts }, run);
  }

  async #plan(atMs: number): Promise<void> {
    try {
      await this.#deps.plan(this.#options.id, atMs);
    } catch (error) {
      // Without Redis there is no queue either; the check for overdue credentials wakes in time.
      if (!this.#options.isAllowedWithoutRedis) throw error;
    }
  }

  async #feed(event: KeeperEvent): Promise<KeeperCommand | null> {
    const { clock, random } = this.#deps;
    const { policy, origin } = this.#options;
    const context = { nowMs: clock.nowMs(), random: random(), attemptId: randomUUID(), policy, origin };
    const { state, command } = step(this.#state, event, context);
    if (state !== this.#state) await this.#save(state);
    return command;
  }

  /** The state is saved before the command is carried out, so that a crash in between leaves a trace. */
  async #save(state: KeeperState): Promise<void> {
    const { lease, isAllowedWithoutRedis, onState } = this.#options;
    const facts = { version: state.record?.version ?? 0, isAttempt: state.attempt !== null };
    const isSaved = await this.#span('save', facts, () =>
      lease.save(state).catch((error: unknown) => {
        if (isAllowedWithoutRedis) return true;
        throw error;
      }),
    );
    if (!isSaved) throw takenOver();
    this.#state = state;
    onState(state);
  }
}

function takenOver(): CodedError {
  return new CodedError('Another server has taken over', { code: 'taken_over' });
}
