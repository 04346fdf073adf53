import type { KeeperCommand, KeeperEvent, StepContext } from '../keeper-event.js';
import { emptyState, type KeeperState, type Origin, type Verdict } from '../keeper-state.js';
import { defaultPolicy, type RefreshPolicy } from '../policy.js';
import { step } from '../step.js';

/** A keeper whose clock stands still until it is moved, for tests that tell a story. */
export class DrivenKeeper {
  state: KeeperState;
  nowMs: number;
  origin: Origin = { upstream: 'the platform', credentials: 'the secret' };
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

  /** Feeds one event. @returns its only command, or undefined */
  feed(event: KeeperEvent): KeeperCommand | undefined {
    this.#attempts += 1;
    const context: StepContext = {
      nowMs: this.nowMs,
      random: 0.5,
      attemptId: `attempt-${this.#attempts}`,
      policy: this.policy,
      origin: this.origin,
    };
    const { state, commands } = step(this.state, event, context);
    this.state = state;
    return commands[0];
  }

  pass(seconds: number): void {
    this.nowMs += seconds * 1000;
  }

  /** Another holder takes over; it remembers nothing else, unless told so. */
  open(options: Partial<Extract<KeeperEvent, { type: 'opened' }>> = {}): void {
    this.feed({ type: 'opened', remembered: emptyState, inDoubt: false, isStart: false, ...options });
  }

  /** The schedule's time has come, and the platform is asked. */
  startRefresh(): void {
    this.nowMs = this.state.refreshAtMs ?? this.nowMs;
    this.feed({ type: 'woken' });
  }

  /** Answers the attempt that is outstanding with a token. */
  grant(value: string, expiresInSeconds = 7200): KeeperCommand | undefined {
    const grant = { value, expiresInMs: expiresInSeconds * 1000, requestedAtMs: this.nowMs };
    return this.feed({ type: 'granted', attemptId: this.state.attempt?.id ?? 'none', grant });
  }

  fails(
    failure: Partial<Extract<KeeperEvent, { type: 'grant-failed' }>['failure']> = {},
  ): KeeperCommand | undefined {
    const whole = { kind: 'transient', errmsg: 'down', mayHaveIssued: false, ...failure } as const;
    return this.feed({ type: 'grant-failed', attemptId: this.state.attempt?.id ?? 'none', failure: whole });
  }

  /** Brings the first token in. */
  bootstrap(value = 'token-1', expiresInSeconds = 7200): this {
    this.feed({ type: 'woken' });
    this.grant(value, expiresInSeconds);
    return this;
  }

  report(version = this.version): KeeperCommand | undefined {
    return this.feed({ type: 'reported', version, isHint: false, isChecked: false });
  }

  /** Somebody behaves as if the token were dead. */
  hint(isChecked = false): KeeperCommand | undefined {
    return this.feed({ type: 'reported', version: this.version, isHint: true, isChecked });
  }

  /** The same report, looked at again after the check that it asked for. */
  reportChecked(version = this.version): KeeperCommand | undefined {
    return this.feed({ type: 'reported', version, isHint: false, isChecked: true });
  }

  verify(verdict: Verdict, onHint = false): void {
    this.feed({ type: 'verified', version: this.version, startedAtMs: this.nowMs, verdict, onHint });
  }

  get version(): number {
    return this.state.record?.version ?? 0;
  }
}
