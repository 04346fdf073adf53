import { CodedError } from '@zhongkong/shared';
import type { ReportVerdict } from '../core/keeper-event.js';
import type { RefreshPolicy } from '../core/policy.js';
import type { CredentialStore } from '../redis/credential-store.js';
import type { PushedValue } from './credential.js';
import { aloneWith, type Lease, leasePatienceMs, takeLease } from './lease.js';
import { type ReportedVersion, SaveError, Session, type SessionTools } from './session.js';
import type { Subject } from './subject.js';
import { until } from './until.js';

interface Waiter<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

type Report = ReportedVersion & Waiter<ReportVerdict>;
type Push = PushedValue & Waiter<void>;

/** Those who are left wait for a check that may not begin yet. */
interface Hold {
  readonly untilMs: number;
  readonly isForHints: boolean;
}

/** Every queue has a limit. */
const WAITING_MAX = 10_000;
/** Another server may take over in the middle; more often than this in a row something else is wrong. */
const TAKEOVERS_MAX = 3;

export interface RefresherTools extends SessionTools {
  readonly store: CredentialStore;
}

export interface RefresherSubject extends Subject {
  /** The rules while the others cannot be asked, because Redis is away; null: then nothing may be done. */
  readonly policyAlone: RefreshPolicy | null;
}

/**
 * The one flight per credential and process. What comes in while a session runs waits for the next session, so
 * that a thousand reports are one question. Every method rejects with a CodedError `store_unavailable`, `taken_over` or
 * `lease_busy` when neither this server nor another can do it now.
 */
export class Refresher {
  readonly #tools: RefresherTools;
  readonly #subject: RefresherSubject;
  /** A token of ours may have got lost, because it could not be saved; the next session has to know. */
  #inDoubt = false;
  #isStart = true;
  readonly #reports = new Set<Report>();
  readonly #wakes = new Set<Waiter<void>>();
  readonly #pushes = new Set<Push>();
  #flight: Promise<void> | null = null;
  /** Ends a hold that is for hints alone: who does not come with a hint does not wait with them. */
  #endHold = () => {};

  constructor(tools: RefresherTools, subject: RefresherSubject) {
    this.#tools = tools;
    this.#subject = subject;
  }

  /** Looks what is due, and does it. */
  wake(): Promise<void> {
    return this.#enqueue(this.#wakes, {});
  }

  /** Has a version looked at that clients say is dead. @throws CodedError `too_many_reports` */
  report(reported: ReportedVersion): Promise<ReportVerdict> {
    return this.#enqueue(this.#reports, reported, reported.isHint);
  }

  /** Takes a token over that another system fetched. @throws CodedError `too_many_reports` */
  push(pushed: PushedValue): Promise<void> {
    return this.#enqueue(this.#pushes, pushed);
  }

  get isIdle(): boolean {
    return this.#flight === null;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#flight;
  }

  async #enqueue<T, What>(queue: Set<What & Waiter<T>>, what: What, isHint = false): Promise<T> {
    if (queue.size >= WAITING_MAX)
      throw new CodedError(`More than ${WAITING_MAX} reports wait`, { code: 'too_many_reports' });
    const waiting = new Promise<T>((resolve, reject) => queue.add({ ...what, resolve, reject }));
    if (!isHint) this.#endHold();
    this.#flight ??= this.#fly();
    return waiting;
  }

  get #wanted(): boolean {
    return this.#reports.size + this.#wakes.size + this.#pushes.size > 0;
  }

  async #fly(): Promise<void> {
    // One tick for those who come together; it also makes sure that the flight is noted before it can end.
    await null;
    let takeovers = 0;
    while (this.#wanted) {
      try {
        const hold = await this.#turn();
        takeovers = 0;
        if (hold !== null) await this.#pause(hold);
      } catch (error) {
        takeovers += 1;
        if (error instanceof SaveError) this.#inDoubt ||= error.leavesDoubt;
        const isTakenOver = error instanceof SaveError && error.code === 'taken_over';
        if (!isTakenOver || takeovers > TAKEOVERS_MAX) this.#rejectAll(error);
      }
    }
    this.#flight = null;
  }

  async #pause({ untilMs, isForHints }: Hold): Promise<void> {
    const pause = until((end) => {
      if (isForHints) this.#endHold = end;
      return () => {
        this.#endHold = () => {};
      };
    });
    pause.endAfter(Math.max(1, untilMs - this.#tools.clock.nowMs()));
    await pause.happened;
  }

  /** One session. @returns what the reports that are left have to wait for, or null */
  async #turn(): Promise<Hold | null> {
    const held = await this.#hold();
    if (held === null) return null;
    const { lease, policy, tools } = held;
    try {
      this.#tools.memory.apply(this.#subject.id, lease.stored);
      const mayActAlone = this.#subject.policyAlone !== null;
      const session = new Session(tools, { ...this.#subject, policy, lease, mayActAlone });
      await session.begin({ inDoubt: this.#inDoubt, isStart: this.#isStart });
      this.#inDoubt = false;
      this.#isStart = false;
      return await this.#serve(session);
    } finally {
      await lease.release();
    }
  }

  /**
   * Takes the lease; while Redis is away, does without where that can harm nobody. Null: no longer wanted.
   * @throws CodedError `lease_busy`, `store_unavailable`
   */
  async #hold(): Promise<{ lease: Lease; policy: RefreshPolicy; tools: SessionTools } | null> {
    const { id, policy, policyAlone } = this.#subject;
    const tools = this.#tools;
    try {
      const lease = await takeLease(tools, id, leasePatienceMs(policy.upstreamTimeoutMs), () => {
        this.#answerSuperseded();
        return this.#wanted;
      });
      return lease && { lease, policy, tools };
    } catch (error) {
      if ((error instanceof CodedError && error.code === 'lease_busy') || policyAlone === null) throw error;
      const store = { save: async () => true };
      return { lease: aloneWith(tools.memory.get(id)), policy: policyAlone, tools: { ...tools, store } };
    }
  }

  /** Serves those who wait when it begins; who comes later comes too late for a check that is made meanwhile. */
  async #serve(session: Session): Promise<Hold | null> {
    const [pushes, reports, wakes] = [[...this.#pushes], [...this.#reports], [...this.#wakes]];
    for (const push of pushes) {
      await session.push(push);
      push.resolve();
      this.#pushes.delete(push);
    }
    const held: { untilMs: number; isHint: boolean }[] = [];
    for (const report of reports) {
      const command = await session.report(report);
      if (command?.do === 'hold') {
        held.push({ untilMs: command.untilMs, isHint: report.isHint });
        continue;
      }
      if (command?.do === 'answer') report.resolve(command.verdict);
      else report.reject(new Error(`the keeper has no answer to a report: ${command?.do}`));
      this.#reports.delete(report);
    }
    await session.wake();
    for (const wake of wakes) {
      wake.resolve();
      this.#wakes.delete(wake);
    }
    if (held.length === 0) return null;
    return {
      untilMs: Math.min(...held.map(({ untilMs }) => untilMs)),
      isForHints: held.every(({ isHint }) => isHint),
    };
  }

  /** Another server may have committed meanwhile: those who reported an older version need no session. */
  #answerSuperseded(): void {
    const version = this.#tools.memory.get(this.#subject.id).record?.version ?? 0;
    for (const report of this.#reports) {
      if (report.version >= version) continue;
      report.resolve({ is: 'superseded' });
      this.#reports.delete(report);
    }
  }

  #rejectAll(error: unknown): void {
    for (const queue of [this.#reports, this.#wakes, this.#pushes]) {
      for (const waiter of queue) waiter.reject(error);
      queue.clear();
    }
  }
}
