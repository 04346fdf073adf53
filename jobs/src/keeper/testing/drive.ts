import type { FetchFailure, KeeperCommand, KeeperEvent, StepContext } from '../event.js';
import { defaultPolicy, type RefreshPolicy } from '../policy.js';
import { emptyState, type KeeperState, type Origin, type Verdict } from '../state.js';
import { step } from '../step.js';

interface ReportedHow {
  readonly version: number;
  readonly isHint: boolean;
  readonly isChecked: boolean;
  readonly patienceMs: number;
  readonly maxCheckAgeMs?: number;
}

/** A keeper whose clock stands still until it is moved, for tests that tell a story. */
export class DrivenKeeper {
  state: KeeperState;
  nowMs: number;
  origin: Origin = { upstream: 'wechat', credentials: 'the secret' };
  readonly policy: RefreshPolicy;
  #attempts = 0;

  constructor(
    policy: Partial<RefreshPolicy> & Pick<RefreshPolicy, 'mode'>,
    nowMs = Date.UTC(2026, 10, 22, 3),
  ) {
    this.policy = { ...defaultPolicy(policy.mode), ...policy };
    this.nowMs = nowMs;
    this.state = emptyState;
  }

  /** Feeds one event. @returns the command that follows, or null */
  feed(event: KeeperEvent): KeeperCommand | null {
    this.#attempts += 1;
    const context: StepContext = {
      nowMs: this.nowMs,
      random: 0.5,
      attemptId: `attempt-${this.#attempts}`,
      policy: this.policy,
      origin: this.origin,
    };
    const { state, command } = step(this.state, event, context);
    this.state = state;
    return command;
  }

  pass(seconds: number): void {
    this.nowMs += seconds * 1000;
  }

  /** Another holder begins a session; it remembers nothing else, unless the options say so. */
  open(options: Partial<Extract<KeeperEvent, { type: 'opened' }>> = {}): void {
    this.feed({ type: 'opened', remembered: emptyState, inDoubt: false, isStart: false, ...options });
  }

  wake(): KeeperCommand | null {
    return this.feed({ type: 'woken' });
  }

  /** The schedule's time has come, and WeChat is asked. */
  startRefresh(): void {
    this.nowMs = this.state.refreshAtMs ?? this.nowMs;
    this.wake();
  }

  /** WeChat answers the outstanding attempt with a token. */
  fetched(value: string, expiresInSeconds = 7200): KeeperCommand | null {
    const fetched = { value, expiresInMs: expiresInSeconds * 1000, requestedAtMs: this.nowMs };
    return this.feed({ type: 'answered', attemptId: this.#attemptId, outcome: { fetched } });
  }

  fails(failure: Partial<FetchFailure> = {}): KeeperCommand | null {
    const whole = { kind: 'transient', errmsg: 'down', mayHaveSucceeded: false, ...failure } as const;
    return this.feed({ type: 'answered', attemptId: this.#attemptId, outcome: { failure: whole } });
  }

  /** Brings the first token in. */
  bootstrap(value = 'token-1', expiresInSeconds = 7200): this {
    this.wake();
    this.fetched(value, expiresInSeconds);
    return this;
  }

  /** @param patienceMs how long the client waits for an answer; by default not long enough for a repetition */
  report(version = this.version, patienceMs = 1_000): KeeperCommand | null {
    return this.#report({ version, isHint: false, isChecked: false, patienceMs });
  }

  /** A client behaves as if the token were dead. */
  hint(isChecked = false, maxCheckAgeMs = 0): KeeperCommand | null {
    const { version } = this;
    return this.#report({ version, isHint: true, isChecked, patienceMs: 2_000, maxCheckAgeMs });
  }

  /** The same report, judged again after the check that it asked for. */
  reportChecked(version = this.version, patienceMs = 0): KeeperCommand | null {
    return this.#report({ version, isHint: false, isChecked: true, patienceMs });
  }

  check(verdict: Verdict, onHint = false): void {
    this.feed({ type: 'checked', version: this.version, startedAtMs: this.nowMs, verdict, onHint });
  }

  get version(): number {
    return this.state.record?.version ?? 0;
  }

  get #attemptId(): string {
    return this.state.attempt?.id ?? 'none';
  }

  #report({ version, maxCheckAgeMs = 0, ...how }: ReportedHow): KeeperCommand | null {
    const versionAtArrival = this.version;
    return this.feed({ type: 'reported', stale: { version }, versionAtArrival, maxCheckAgeMs, ...how });
  }
}
