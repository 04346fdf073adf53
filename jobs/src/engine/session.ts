import { randomUUID } from 'node:crypto';
import type { Clock } from '@zhongkong/shared';
import type { CredentialId } from '../core/credential.js';
import type { KeeperCommand, KeeperEvent } from '../core/keeper-event.js';
import type { Attempt, CredentialRecord, KeeperState } from '../core/keeper-state.js';
import { step } from '../core/step.js';
import type { Issuer } from '../issuer/wechat-issuer.js';
import type { CredentialStore } from '../redis/credential-store.js';
import type { AppSettings } from './app-settings.js';
import type { CredentialMemory } from './credential-memory.js';
import type { Lease } from './lease.js';
import type { EngineObserver } from './observer.js';

export interface SessionTools {
  readonly store: Pick<CredentialStore, 'save'>;
  readonly memory: CredentialMemory;
  readonly issuer: Issuer;
  readonly clock: Clock;
  readonly random: () => number;
  readonly observer: EngineObserver;
  /** Asks for a `woken` at that instant. */
  readonly plan: (id: CredentialId, atMs: number) => Promise<void>;
}

export interface SessionSubject {
  readonly app: AppSettings;
  readonly id: CredentialId;
  readonly lease: Lease;
  /** Go on without the store when it goes away. */
  readonly mayActAlone: boolean;
}

/** What a session had begun is void, because it could not be saved. */
export class SaveError extends Error {
  override readonly name = 'SaveError';
  /** `taken-over`: another server has the lease now. `store-away`: nobody knows who has it. */
  readonly reason: 'taken-over' | 'store-away';
  /** This server has, or may have, got a token that nobody knows: the known one may die of it. */
  readonly leavesDoubt: boolean;

  constructor(reason: SaveError['reason'], leavesDoubt: boolean, options?: ErrorOptions) {
    super(reason === 'taken-over' ? 'another server has taken over' : 'the store is away', options);
    this.reason = reason;
    this.leavesDoubt = leavesDoubt;
  }
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

  constructor(tools: SessionTools, subject: SessionSubject) {
    this.#tools = tools;
    this.#subject = subject;
    this.#state = subject.lease.stored;
  }

  /** Finds out what is true: what is stored, what is remembered here, what was left behind. */
  async begin(inDoubt: boolean): Promise<void> {
    const remembered = this.#tools.memory.get(this.#subject.id);
    await this.#feed({ type: 'opened', remembered, inDoubt });
  }

  /**
   * Feeds an event, does what follows from it, and feeds it again until nothing more follows.
   * @param client who caused it
   * @returns what is left to the caller: an `answer`, a `hold`, or nothing
   * @throws SaveError
   */
  async settle(event: KeeperEvent, client?: string): Promise<KeeperCommand | undefined> {
    this.#client = client;
    for (let effects = 0; effects < EFFECTS_MAX; effects += 1) {
      const command = await this.#feed(event);
      switch (command?.do) {
        case 'issue':
          await this.#issue(command.attempt);
          break;
        case 'verify':
          await this.#verify(command.record);
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

  /** An operator's order: one attempt, whatever the schedule says. */
  async order(): Promise<void> {
    const command = await this.#feed({ type: 'ordered' });
    if (command?.do === 'issue') await this.#issue(command.attempt);
  }

  async #issue(attempt: Attempt): Promise<void> {
    const { issuer, observer } = this.#tools;
    const { app, id, lease } = this.#subject;
    const { appId, secret, policy } = app;
    // A process that was paused since it saved the attempt must not ask: another may have asked meanwhile.
    if (!lease.isHeld()) throw new SaveError('taken-over', false);
    const startedAt = performance.now();
    const request = {
      appId,
      secret,
      mode: policy.mode,
      force: attempt.force,
      timeoutMs: policy.upstreamTimeoutMs,
    };
    const outcome = await issuer.issue(request);
    const before = this.#state;
    const follow = await this.#feed(
      'grant' in outcome
        ? { type: 'granted', attemptId: attempt.id, grant: outcome.grant }
        : { type: 'grant-failed', attemptId: attempt.id, failure: outcome.failure },
      'grant' in outcome || outcome.failure.mayHaveIssued,
    );
    const tookMs = performance.now() - startedAt;
    observer.attempted({ id, attempt, client: this.#client, before, after: this.#state, policy, tookMs });
    if (follow?.do === 'issue') await this.#issue(follow.attempt);
  }

  async #verify(record: CredentialRecord): Promise<void> {
    const { issuer, observer } = this.#tools;
    const { app, id } = this.#subject;
    const startedAt = performance.now();
    const check = await issuer.verify(record.value, app.policy.upstreamTimeoutMs);
    await this.#feed({ type: 'verified', version: record.version, ...check });
    observer.verified({ id, record, verdict: check.verdict, tookMs: performance.now() - startedAt });
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
    const { policy } = this.#subject.app;
    const context = { nowMs: clock.nowMs(), random: random(), attemptId: randomUUID(), policy };
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
      throw new SaveError('store-away', leavesDoubt, { cause });
    });
    if (!isSaved) throw new SaveError('taken-over', leavesDoubt);
    this.#state = state;
    memory.apply(id, state);
  }
}
