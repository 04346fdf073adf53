import { AsyncLocalStorage } from 'node:async_hooks';
import { type Clock, CodedError } from '@zhongkong/shared';
import type { ReportVerdict } from '../keeper/event.js';
import type { PendingReport, PendingRotation, PushedValue, Session } from './session.js';
import { waitForCallback } from './wait-for-callback.js';

interface Waiter<T> {
  /** Runs what this work causes in the trace of who asked for it, since it may be done in somebody else's session. */
  readonly inTrace: <R>(run: () => R) => R;
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** Of each kind of work and credential. */
const WAITING_MAX = 10_000;
/** Another server may take over in the middle. More often than this in a row, something else is wrong. */
const TAKEOVERS_MAX = 3;

export interface FlightDeps {
  readonly clock: Clock;
  /**
   * Runs one session.
   * @param work what to do in it
   * @param isWanted asked while the lease is waited for; `false` ends the wait
   */
  readonly withSession: <T>(
    work: (session: Session) => Promise<T>,
    isWanted: () => boolean,
  ) => Promise<T | null>;
  /** The answer to a report that needs no session any more; null when it needs one. */
  readonly settledVerdict: (report: PendingReport) => ReportVerdict | null;
  /** So many reports got their answer from what was done for another one, here or on another server. */
  readonly onShared: (reports: number) => void;
}

/** Reports that wait for a check or a fetch which may not start yet. */
interface Pause {
  readonly untilMs: number;
  readonly isForHints: boolean;
}

/**
 * The single flight of one credential: all that is asked of it in this process while there is work. Work that comes in
 * during a session waits for the next one, so that a thousand reports are one question.
 */
export class Flight {
  readonly #deps: FlightDeps;
  readonly #reports = new Set<PendingReport & Waiter<ReportVerdict>>();
  readonly #wakes = new Set<Waiter<void>>();
  readonly #pushes = new Set<PushedValue & Waiter<void>>();
  readonly #rotations = new Set<PendingRotation & Waiter<ReportVerdict>>();
  /** Ends the pause that other work must not wait for: it is for hints alone, or the work asks WeChat nothing or at once. */
  #endPause = (_isUrgent: boolean) => {};

  constructor(deps: FlightDeps) {
    this.#deps = deps;
  }

  /**
   * Resolves when all work is done. Never rejects: errors go to those who wait.
   * @param onEnd called in the same tick in which the flight stops taking work
   */
  async run(onEnd: () => void): Promise<void> {
    // One tick for work that comes in together.
    await null;
    let takeovers = 0;
    while (this.#hasWork()) {
      try {
        const pause = await this.#deps.withSession(
          (session) => this.#handleWaiting(session),
          () => {
            this.#answerSettled();
            return this.#hasWork();
          },
        );
        takeovers = 0;
        if (pause !== null) await this.#wait(pause);
      } catch (error) {
        takeovers += 1;
        const isTakenOver = error instanceof CodedError && error.code === 'taken_over';
        if (!isTakenOver || takeovers > TAKEOVERS_MAX) this.#rejectAll(error);
      }
    }
    onEnd();
  }

  report(report: PendingReport): Promise<ReportVerdict> {
    return this.#add(this.#reports, report, report.isHint ? 'hint' : 'report');
  }

  wake(): Promise<void> {
    return this.#add(this.#wakes, {}, 'wake');
  }

  push(pushed: PushedValue): Promise<void> {
    return this.#add(this.#pushes, pushed, 'push');
  }

  rotate(rotation: PendingRotation): Promise<ReportVerdict> {
    return this.#add(this.#rotations, rotation, 'rotation');
  }

  async #add<T, Work>(
    waiting: Set<Work & Waiter<T>>,
    work: Work,
    what: 'hint' | 'report' | 'wake' | 'push' | 'rotation',
  ): Promise<T> {
    if (waiting.size >= WAITING_MAX)
      throw new CodedError(`More than ${WAITING_MAX} reports wait`, { code: 'too_many_reports' });
    if (what !== 'hint') this.#endPause(what === 'push' || what === 'rotation');
    return new Promise<T>((resolve, reject) =>
      waiting.add({ ...work, resolve, reject, inTrace: AsyncLocalStorage.snapshot() }),
    );
  }

  #hasWork(): boolean {
    return this.#reports.size + this.#wakes.size + this.#pushes.size + this.#rotations.size > 0;
  }

  /** Handles what waits at the beginning. Later reports wait: a check must begin after the report. */
  async #handleWaiting(session: Session): Promise<Pause | null> {
    const [pushes, reports, wakes] = [[...this.#pushes], [...this.#reports], [...this.#wakes]];
    for (const push of pushes) {
      await push.inTrace(() => session.push(push));
      push.resolve();
      this.#pushes.delete(push);
    }
    for (const rotation of [...this.#rotations]) {
      const { resolve, reject, inTrace, ...pending } = rotation;
      const command = await inTrace(() => session.rotate(pending));
      if (command?.do === 'answer') resolve(command.verdict);
      else reject(new Error(`the keeper has no answer to a rotation: ${command?.do}`));
      this.#rotations.delete(rotation);
    }
    const paused: { atMs: number; isHint: boolean }[] = [];
    let answered = 0;
    for (const report of reports) {
      const { resolve: _resolve, reject: _reject, inTrace, ...pending } = report;
      const command = await inTrace(() => session.report(pending));
      if (command?.do === 'retry-report') {
        paused.push({ atMs: command.atMs, isHint: report.isHint });
        continue;
      }
      if (command?.do === 'answer') report.resolve(command.verdict);
      else report.reject(new Error(`the keeper has no answer to a report: ${command?.do}`));
      this.#reports.delete(report);
      answered += 1;
    }
    if (answered > 1) this.#deps.onShared(answered - 1);
    await session.wake();
    for (const wake of wakes) {
      wake.resolve();
      this.#wakes.delete(wake);
    }
    if (paused.length === 0) return null;
    return {
      untilMs: Math.min(...paused.map(({ atMs }) => atMs)),
      isForHints: paused.every(({ isHint }) => isHint),
    };
  }

  async #wait({ untilMs, isForHints }: Pause): Promise<void> {
    const wait = waitForCallback((end) => {
      this.#endPause = (isUrgent) => {
        if (isUrgent || isForHints) end();
      };
      return () => {
        this.#endPause = () => {};
      };
    });
    wait.endAfter(Math.max(1, untilMs - this.#deps.clock.nowMs()));
    await wait.happened;
  }

  /** Another server may have committed: those who reported an older version need no session any more. */
  #answerSettled(): void {
    let answered = 0;
    for (const report of this.#reports) {
      const verdict = this.#deps.settledVerdict(report);
      if (verdict === null) continue;
      report.resolve(verdict);
      this.#reports.delete(report);
      answered += 1;
    }
    if (answered > 0) this.#deps.onShared(answered);
  }

  #rejectAll(error: unknown): void {
    for (const waiting of [this.#reports, this.#wakes, this.#pushes, this.#rotations]) {
      for (const waiter of waiting) waiter.reject(error);
      waiting.clear();
    }
  }
}
