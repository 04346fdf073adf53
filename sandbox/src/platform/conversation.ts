import { WechatFault } from './wechat-fault.js';

/** What a user did that lets the app write to them. */
export type Interaction = 'message' | 'enter';

/**
 * A user's message allows five answers in 48 hours, entering the session two in a minute.
 * @see https://developers.weixin.qq.com/doc/service/en/api/customer/message/api_sendcustommessage
 */
const allowances: Record<Interaction, { lifeMs: number; messages: number }> = {
  message: { lifeMs: 48 * 3_600_000, messages: 5 },
  enter: { lifeMs: 60_000, messages: 2 },
};

/** @see https://developers.weixin.qq.com/miniprogram/en/dev/framework/open-ability/customer-message/typing.html */
const TYPING_NEEDS_CONTACT_MS = 30_000;
const TYPING_LASTS_MS = 15_000;

/** What happened between the app's customer service and one user. */
export class Conversation {
  readonly #grants = new Map<Interaction, { untilMs: number; left: number }>();
  #lastContactMs = Number.NEGATIVE_INFINITY;
  #typingUntilMs = Number.NEGATIVE_INFINITY;

  interact(kind: Interaction, nowMs: number): void {
    const { lifeMs, messages } = allowances[kind];
    this.#grants.set(kind, { untilMs: nowMs + lifeMs, left: messages });
    this.#lastContactMs = nowMs;
  }

  /** @throws 45015 when no window is open, 45047 when the open ones are used up */
  send(nowMs: number): void {
    const open = [...this.#grants.values()].filter((grant) => nowMs < grant.untilMs);
    const grant = open.find(({ left }) => left > 0);
    if (!grant) throw new WechatFault(open.length === 0 ? 45015 : 45047);
    grant.left -= 1;
    this.#lastContactMs = nowMs;
    this.cancelTyping();
  }

  /** @throws 45080 without contact in the last 30 s, 45081 while the last "typing" still shows */
  type(nowMs: number): void {
    if (nowMs - this.#lastContactMs > TYPING_NEEDS_CONTACT_MS) throw new WechatFault(45080);
    if (nowMs < this.#typingUntilMs) throw new WechatFault(45081);
    this.#typingUntilMs = nowMs + TYPING_LASTS_MS;
  }

  cancelTyping(): void {
    this.#typingUntilMs = Number.NEGATIVE_INFINITY;
  }
}
