import type { FetchOutcome, KeeperEvent, StepContext } from '../event.js';
import type { RefreshPolicy } from '../policy.js';
import { emptyState, type KeeperState, type Verdict } from '../state.js';
import { step } from '../step.js';
import type { Start } from './walk.js';

/** How WeChat answers in one session. */
export interface WechatAnswers {
  fetch(force: boolean, state: KeeperState, nowMs: number): FetchOutcome;
  check(state: KeeperState): Verdict;
}

export interface Look {
  /** When the session was. */
  readonly nowMs: number;
  readonly fetches: number;
  /** How it left the state. */
  readonly state: KeeperState;
  /** When it wants the next; undefined when it plans none. */
  readonly nextAtMs: number | undefined;
}

const EFFECTS_MAX = 8;

/** What the shell does: a session whenever the last one planned one, until `untilMs`; nobody reports anything. */
export function* looks(
  { state, nowMs }: Start,
  policy: RefreshPolicy,
  wechat: WechatAnswers,
  untilMs: number,
): Generator<Look> {
  const origin = state.origin ?? { upstream: 'wechat', credentials: 'secret' };
  let attempts = 0;
  let at: number | undefined = nowMs;
  let now = state;
  while (at !== undefined && at <= untilMs) {
    const look = session(now, at);
    yield look;
    now = look.state;
    at = look.nextAtMs;
  }

  function session(before: KeeperState, lookAtMs: number): Look {
    let current = before;
    let fetches = 0;
    const feed = (event: KeeperEvent) => {
      attempts += 1;
      const context: StepContext = {
        nowMs: lookAtMs,
        random: 0.5,
        attemptId: `look-${attempts}`,
        policy,
        origin,
      };
      const result = step(current, event, context);
      current = result.state;
      return result.command;
    };
    feed({ type: 'opened', remembered: emptyState, inDoubt: false, isStart: false });
    for (let effects = 0; effects < EFFECTS_MAX; effects += 1) {
      let command = feed({ type: 'woken' });
      while (command?.do === 'fetch') {
        fetches += 1;
        const outcome = wechat.fetch(command.attempt.force, current, lookAtMs);
        command = feed({ type: 'answered', attemptId: command.attempt.id, outcome });
        if (command === null) command = feed({ type: 'woken' });
      }
      if (command?.do !== 'check') {
        const nextAtMs = command?.do === 'wake' ? command.atMs : undefined;
        return { nowMs: lookAtMs, fetches, state: current, nextAtMs };
      }
      const { version } = command.record;
      feed({
        type: 'checked',
        version,
        startedAtMs: lookAtMs,
        verdict: wechat.check(current),
        onHint: false,
      });
    }
    throw new Error(`the keeper asked for ${EFFECTS_MAX} checks in a row`);
  }
}
