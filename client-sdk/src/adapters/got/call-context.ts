import type { Options } from 'got';
import type { Tries } from '../../http/tries.js';
import type { WechatCall } from './wechat-call.js';

/** What got's `context` holds for, and from, this package; it outlives repetitions and redirects. */
export interface CallContext {
  /** `'own'`: the request brought a token of its own. */
  zhongkongCall?: WechatCall | 'own';
  zhongkongForm?: FormData;
  zhongkongTries?: Tries;
  /** Set by the caller: whether this call may be sent again when it is not known what became of it. */
  safeToRepeat?: boolean | undefined;
}

export function contextOf({ context }: Pick<Options, 'context'>): CallContext {
  return context as CallContext;
}
