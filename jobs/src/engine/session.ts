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
import type { Journal } from './journal.js';

export interface SessionTools {
  readonly store: CredentialStore;
  readonly memory: CredentialMemory;
  readonly issuer: Issuer;
  readonly clock: Clock;
  readonly random: () => number;
  readonly journal: Journal;
  /** Asks for a `woken` at that instant. */
  readonly plan: (id: CredentialId, atMs: number) => Promise<void>;
}

export interface SessionSubject {
  readonly app: AppSettings;
  readonly id: CredentialId;
  /** Who holds the lease: a name unique for ever. */
  readonly owner: string;
}

/** Another server has taken the lease over; what this one had begun is void. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
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

  constructor(tools: SessionTools, subject: SessionSubject, stored: KeeperState) {
    this.#tools = tools;
    this.#subject = subject;
    this.#state = stored;
  }

  /** Takes note of what the last holder left behind. */
  async begin(): Promise<void> {
    await this.#feed({ type: 'opened' });
  }

  /**
   * Feeds an event, does what follows from it, and feeds it again until nothing more follows.
   * @returns what is left to the caller: an `answer`, a `hold`, or nothing
   * @throws LeaseLostError
   */
  async settle(event: KeeperEvent): Promise<KeeperCommand | undefined> {
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
          await this.#tools.plan(this.#subject.id, command.atMs);
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
    const { issuer, journal } = this.#tools;
    const { appId, secret, policy } = this.#subject.app;
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
    );
    journal.attempted(this.#subject.id, attempt, before, this.#state);
    if (follow?.do === 'issue') await this.#issue(follow.attempt);
  }

  async #verify(record: CredentialRecord): Promise<void> {
    const { issuer, journal } = this.#tools;
    const check = await issuer.verify(record.value, this.#subject.app.policy.upstreamTimeoutMs);
    await this.#feed({ type: 'verified', version: record.version, ...check });
    journal.verified(this.#subject.id, record, check.verdict);
  }

  async #feed(event: KeeperEvent): Promise<KeeperCommand | undefined> {
    const { clock, random } = this.#tools;
    const { policy } = this.#subject.app;
    const context = { nowMs: clock.nowMs(), random: random(), attemptId: randomUUID(), policy };
    const { state, commands } = step(this.#state, event, context);
    if (state !== this.#state) await this.#save(state);
    return commands[0];
  }

  /** The state is stored before anything is done about it, so that a crash in between leaves a trace. */
  async #save(state: KeeperState): Promise<void> {
    const { store, memory } = this.#tools;
    const { id, owner } = this.#subject;
    if (!(await store.save(id, owner, state))) throw new LeaseLostError('another server has taken over');
    this.#state = state;
    memory.apply(id, state);
  }
}
