import type { Failure } from '@zhongkong/jobs';
import { type Bilingual, BilingualError, type CodedErrorOptions } from '@zhongkong/shared';

/**
 * Why there is no token or ticket to give out.
 * - `token_missing`: nothing was fetched or pushed yet
 * - `fetch_failed`: the last fetch brought none; `failure` says why
 * - `check_unanswered`: the token was reported dead, and WeChat did not answer whether it is
 * - `budget_used_up`: the token is dead, and what reports may fetch today is used up
 * - `app_paused`: an operator has paused the app, and its last token has ended
 * - `push_awaited`: the token is dead, and the system that pushes the tokens of this app has not pushed a new one
 */
export type NoTokenCode =
  | 'token_missing'
  | 'fetch_failed'
  | 'check_unanswered'
  | 'budget_used_up'
  | 'app_paused'
  | 'push_awaited';

export interface NoTokenErrorOptions extends CodedErrorOptions {
  readonly code: NoTokenCode;
  readonly failure?: Failure;
  /** When a later try may go better; null: soon. */
  readonly retryAtMs?: number | null;
}

/** There is no living token or ticket, and waiting for one has not helped. */
export class NoTokenError extends BilingualError {
  override readonly name = 'NoTokenError';
  declare readonly code: NoTokenCode;
  readonly failure: Failure | undefined;
  readonly retryAtMs: number | null;

  constructor(text: Bilingual, options: NoTokenErrorOptions) {
    super(text, options);
    this.failure = options.failure;
    this.retryAtMs = options.retryAtMs ?? null;
  }
}
