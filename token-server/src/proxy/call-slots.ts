import type { WechatClient } from '@zhongkong/jobs';
import { CodedError } from '@zhongkong/shared';

/** Limits how many calls are under way at a time. A call beyond that waits, in order of arrival and for a limited time. */
export interface CallSlots {
  /** @returns gives the slot back; call it when the call has ended @throws CodedError `no_slot` */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createCallSlots(max: number, waitMs: number): CallSlots {
  let free = max;
  const waiting = new Set<() => void>();

  function wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(late);
        signal.removeEventListener('abort', giveUp);
        waiting.delete(go);
      };
      const go = () => {
        end();
        resolve();
      };
      const giveUp = () => {
        end();
        reject(noSlot());
      };
      const late = setTimeout(giveUp, waitMs);
      signal.addEventListener('abort', giveUp);
      waiting.add(go);
    });
  }

  return {
    async take(signal) {
      if (signal.aborted) throw noSlot();
      if (free > 0) free -= 1;
      else await wait(signal);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        const [next] = waiting;
        if (next === undefined) free += 1;
        else next();
      };
    },
  };
}

/** The same client with so many questions of one app under way at a time; a question beyond that waits. */
export function limitQuestions(wechat: WechatClient, max: number, waitMs: number): WechatClient {
  const slotsByApp = new Map<string, CallSlots>();
  return {
    ...wechat,
    async get(path, query, timeoutMs) {
      // Without a secret nobody has checked that there is such an app.
      const appId = (query.secret !== undefined && query.appid) || 'of users';
      const slots = slotsByApp.get(appId) ?? createCallSlots(max, waitMs);
      slotsByApp.set(appId, slots);
      const giveBack = await slots.take(AbortSignal.timeout(waitMs)).catch(() => undefined);
      if (giveBack === undefined)
        return { is: 'no-answer', detail: 'too many logins are waiting for it', mayBeDone: false };
      return wechat.get(path, query, timeoutMs).finally(giveBack);
    },
  };
}

function noSlot(): CodedError {
  return new CodedError('No call ended in time to make room for this one.', { code: 'no_slot' });
}
