import type { LessonOptions } from '../apis/lesson.js';
import type { FaultOptions } from '../faults/fault.js';
import type { AppOptions } from '../platform/app-config.js';
import type { CallEntry, CallFilter } from '../platform/call-log.js';
import type { Interaction } from '../platform/conversation.js';
import type { Counters } from '../platform/counters.js';
import type { Lifetimes, Limits } from '../platform/settings.js';
import type { TokenEndpoint, TokenVerdict } from '../platform/token-record.js';
import type { World } from '../world.js';
import {
  type OperationInput,
  type OperationName,
  type OperationOutput,
  runOperation,
} from './run-operation.js';
import type { TokenView } from './token-operations.js';

/** An app as it is told: without its secret. */
export type AppView = OperationOutput<'put-app'>;

/**
 * Steers a running sandbox. Each method is one operation of the table that `/_sandbox/<operation>` serves over HTTP.
 * A wrong argument throws a ControlError and changes nothing.
 */
export interface Control {
  /** The sandbox's time in Unix milliseconds. */
  nowMs(): number;
  /** Sets the sandbox's clock ahead. @returns the new time in Unix milliseconds */
  advanceClock(seconds: number): number;
  /**
   * Ends the given token, or every token of the app, at once: APIs answer 40001. With `stuck`, stable_token goes on
   * to hand the dead token out in normal mode, until a forced call or its renewal.
   * @returns how many tokens died
   */
  revoke(target: { appId: string; token?: string; stuck?: boolean }): number;
  /** Fetches a token as another party that knows the secret would. Quotas count; whitelist and freezing do not. */
  foreignRefresh(order: { appId: string; endpoint: TokenEndpoint; forceRefresh?: boolean }): TokenView;
  /** For what is issued from now on. @returns the lifetimes now in force */
  setLifetimes(lifetimes: Partial<Lifetimes>): Lifetimes;
  /** @returns the limits now in force */
  setLimits(limits: Partial<Limits>): Limits;
  /** The addresses that may call with the app's secret; null: all. */
  setWhitelist(appId: string, addresses: string[] | null): AppView;
  /** The address all callers seem to have; null: their own. */
  setCallerAddress(address: string | null): void;
  /** 40243 wherever the app's secret is sent. Its tokens stay alive. */
  freeze(appId: string): AppView;
  unfreeze(appId: string): AppView;
  setSecret(appId: string, secret: string): AppView;
  /** Adds an app, or gives one that is there other settings. Its tokens stay alive. */
  putApp(app: AppOptions): AppView;
  /** Its tokens die with it. */
  removeApp(appId: string): void;
  apps(): AppView[];
  /** A fresh code for code2Session, or of kind 'phone' for getuserphonenumber; by default of a new user. */
  addLoginCode(user: { appId: string; openid?: string; kind?: 'login' | 'phone' }): {
    code: string;
    openid: string;
  };
  /** A user sends a message (default) or opens customer service, so that the app may write to them. */
  interact(user: { appId: string; openid: string; kind?: Interaction }): void;
  /** @returns the number by which the fault can be cleared */
  addFault(fault: FaultOptions): number;
  /** Clears one fault, or all. @returns how many there were */
  clearFaults(id?: number): number;
  /** What an API answers from now on, known or not; faults and delays come from `addFault`. */
  teach(lesson: LessonOptions): void;
  /** Forgets what was taught for this path, or all. @returns how many there were */
  forget(path?: string): number;
  /** What was counted for the app, or without one for all calls together. */
  counters(appId?: string): Counters;
  /** The last 10,000 calls that fit, the oldest first. */
  calls(filter?: CallFilter): CallEntry[];
  /** The current token of each pool that has one. */
  currentTokens(appId: string): { token?: TokenView; stable?: TokenView };
  /** What an API would answer the token; with `appId` also 40001 for the token of another app. */
  checkToken(appId: string | undefined, token: string): TokenVerdict;
  /** Back to how the sandbox was started, without tokens, faults, counts and calls. */
  reset(): void;
}

export function createControl(world: World): Control {
  const run = <Name extends OperationName>(name: Name, input: OperationInput<Name>) =>
    runOperation(world, name, input) as OperationOutput<Name>;
  return {
    nowMs: () => run('clock', {}),
    advanceClock: (seconds) => run('advance-clock', { seconds }),
    revoke: (target) => run('revoke', target),
    foreignRefresh: (order) => run('foreign-refresh', order),
    setLifetimes: (lifetimes) => run('set-lifetimes', lifetimes),
    setLimits: (limits) => run('set-limits', limits),
    setWhitelist: (appId, addresses) => run('set-whitelist', { appId, addresses }),
    setCallerAddress: (address) => run('set-caller-address', { address }),
    freeze: (appId) => run('freeze', { appId }),
    unfreeze: (appId) => run('unfreeze', { appId }),
    setSecret: (appId, secret) => run('set-secret', { appId, secret }),
    putApp: (app) => run('put-app', app),
    removeApp: (appId) => run('remove-app', { appId }),
    apps: () => run('apps', {}),
    addLoginCode: (user) => run('add-login-code', user),
    interact: (user) => run('interact', user),
    addFault: (fault) => run('add-fault', fault),
    clearFaults: (id) => run('clear-faults', { id }),
    teach: (lesson) => run('teach', lesson),
    forget: (path) => run('forget', { path }),
    counters: (appId) => run('counters', { appId }),
    calls: (filter = {}) => run('calls', filter),
    currentTokens: (appId) => run('current-tokens', { appId }),
    checkToken: (appId, token) => run('check-token', { appId, token }),
    reset: () => run('reset', {}),
  };
}
