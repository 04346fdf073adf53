import { randomUUID } from 'node:crypto';
import { type Clock, CodedError } from '@zhongkong/shared';
import type { CredentialId } from '../core/credential.js';
import type { KeeperCommand, KeeperEvent } from '../core/keeper-event.js';
import type { Attempt, CredentialRecord, KeeperState } from '../core/keeper-state.js';
import { step } from '../core/step.js';
import type { CredentialStore } from '../redis/credential-store.js';
import type { PushedValue } from './credential.js';
import type { CredentialMemory } from './credential-memory.js';
import type { Lease } from './lease.js';
import type { EngineObserver } from './observer.js';
import type { Subject } from './subject.js';

export interface SessionTools {
  readonly store: Pick<CredentialStore, 'save'>;
  readonly memory: CredentialMemory;
  readonly clock: Clock;
  readonly random: () => number;
  readonly observer: EngineObserver;
  /** Asks for a `woken` at that instant. */
  readonly plan: (id: CredentialId, atMs: number) => Promise<void>;
}

export interface SessionSubject extends Subject {
  readonly lease: Lease;
  /** Go on without the store when it goes away. */
  readonly mayActAlone: boolean;
}

/** What a session had begun is void, because it could not be saved. */
export class SaveError extends CodedError {
  override readonly name = 'SaveError';
  /** `taken_over`: another server has the lease now. `store_unavailable`: nobody knows who has it. */
  declare readonly code: 'taken_over' | 'store_unavailable';
  /** This server has, or may have, got a token that nobody knows: the known one may die of it. */
  readonly leavesDoubt: boolean;

  constructor(code: SaveError['code'], leavesDoubt: boolean, cause?: unknown) {
    super(code === 'taken_over' ? 'Another server has taken over' : 'Redis is unavailable', { code, cause });
    this.leavesDoubt = leavesDoubt;
  }
}

/** A client's word that a version is dead. */
export interface ReportedVersion {
  readonly version: number;
  readonly isHint: boolean;
  readonly client: string;
}

/** A run of effects this long would mean that the keeper asks in circles. */
const EFFECTS_MAX = 8;

/**
 * One holder's dealings with one credential while it has the lease. It decides nothing: it feeds events to the
 * keeper, saves what comes out, and does what the keeper says.
 */
export class Session {
  readonly #tools: SessionTools;
  readonly #subject: SessionSubject;
  #state: KeeperState;
  /** On whose word the session acts at the moment. */
  #client: string | undefined;
  /** The token was checked in this session, so after everything that it began with was said. */
  #hasChecked = false;

  constructor(tools: SessionTools, subject: SessionSubject) {
    this.#tools = tools;
    this.#subject = subject;
    this.#state = subject.lease.stored;
  }

  /** Finds out what is true: what is stored, what is remembered here, what was left behind. */
  async begin(known: { inDoubt: boolean; isStart: boolean }): Promise<void> {
    const remembered = this.#tools.memory.get(this.#subject.id);
    await this.#feed({ type: 'opened', remembered, ...known });
  }

  /** Looks what is due, and does it. @throws SaveError */
  async wake(): Promise<void> {
    await this.#settle(() => ({ type: 'woken' }));
  }

  /** Takes a token over that another system fetched. @throws SaveError */
  async push({ value, expiresInMs, client }: PushedValue): Promise<void> {
    const before = this.#state;
    await this.#feed({ type: 'pushed', value, expiresInMs });
    this.#tools.observer.pushed({ id: this.#subject.id, client, before, after: this.#state });
  }

  /** Judges a report that came in before this session began. @returns an `answer` or a `hold` @throws SaveError */
  async report({ version, isHint, client }: ReportedVersion): Promise<KeeperCommand | undefined> {
    this.#client = client;
    try {
      return await this.#settle(() => ({ type: 'reported', version, isHint, isChecked: this.#hasChecked }));
    } finally {
      this.#client = undefined;
    }
  }

  /**
   * Feeds an event, does what follows from it, and feeds it again until nothing more follows.
   * @returns what is left to the caller: an `answer`, a `hold`, or nothing
   */
  async #settle(event: () => KeeperEvent): Promise<KeeperCommand | undefined> {
    for (let effects = 0; effects < EFFECTS_MAX; effects += 1) {
      const command = await this.#feed(event());
      switch (command?.do) {
        case 'issue':
          await this.#issue(command.attempt);
          break;
        case 'verify':
          await this.#verify(command.record, command.onHint);
          break;
        case 'wake':
          await this.#plan(command.atMs);
          return undefined;
        default:
          return command;
      }
    }
    throw new Error(`the keeper asked for ${EFFECTS_MAX} effects in a row`);
  }

  async #issue(attempt: Attempt): Promise<void> {
    const { id, policy, source, lease } = this.#subject;
    // A process that was paused since it saved the attempt must not ask: another may have asked meanwhile.
    if (!lease.isHeld()) throw new SaveError('taken_over', false);
    const startedAt = performance.now();
    const outcome = await source.issue(attempt.force);
    const before = this.#state;
    const follow = await this.#feed(
      'grant' in outcome
        ? { type: 'granted', attemptId: attempt.id, grant: outcome.grant }
        : { type: 'grant-failed', attemptId: attempt.id, failure: outcome.failure },
      'grant' in outcome || outcome.failure.mayHaveIssued,
    );
    const tookMs = performance.now() - startedAt;
    const { observer } = this.#tools;
    observer.attempted({ id, attempt, client: this.#client, before, after: this.#state, policy, tookMs });
    if (follow?.do === 'issue') await this.#issue(follow.attempt);
  }

  async #verify(record: CredentialRecord, onHint: boolean): Promise<void> {
    const { id, source } = this.#subject;
    const startedAt = performance.now();
    const check = await source.verify(record.value);
    await this.#feed({ type: 'verified', version: record.version, ...check, onHint });
    this.#hasChecked = true;
    this.#tools.observer.verified({
      id,
      record,
      verdict: check.verdict,
      tookMs: performance.now() - startedAt,
    });
  }

  async #plan(atMs: number): Promise<void> {
    try {
      await this.#tools.plan(this.#subject.id, atMs);
    } catch (error) {
      // Without Redis there is no queue either; the engine's own pulse looks again in time.
      if (!this.#subject.mayActAlone) throw error;
    }
  }

  async #feed(event: KeeperEvent, leavesDoubt = false): Promise<KeeperCommand | undefined> {
    const { clock, random } = this.#tools;
    const { policy, source } = this.#subject;
    const { origin } = source;
    const context = { nowMs: clock.nowMs(), random: random(), attemptId: randomUUID(), policy, origin };
    const { state, commands } = step(this.#state, event, context);
    if (state !== this.#state) await this.#save(state, leavesDoubt);
    return commands[0];
  }

  /** The state is stored before anything is done about it, so that a crash in between leaves a trace. */
  async #save(state: KeeperState, leavesDoubt: boolean): Promise<void> {
    const { store, memory } = this.#tools;
    const { id, lease, mayActAlone } = this.#subject;
    const isSaved = await store.save(id, lease.owner, state).catch((cause: unknown) => {
      // What cannot be stored is true all the same, where one server may act without the others.
      if (mayActAlone) return true;
      throw new SaveError('store_unavailable', leavesDoubt, cause);
    });
    if (!isSaved) throw new SaveError('taken_over', leavesDoubt);
    this.#state = state;
    memory.apply(id, state);
  }
}
