import type { Call } from '../call.js';
import { createGroup } from '../method.js';
import type { CallOptions, WeixinResult } from '../weixin-types.js';

export interface SubscribeSendParams extends CallOptions {
  /** The user's openid. */
  readonly touser: string;
  readonly templateId: string;
  /** Page that opens on a tap, with its parameters. Without it, none does. */
  readonly page?: string | undefined;
  /** The template's fields, by their names as the template has them: `{ thing1: { value: '…' } }`. They are sent as they are. */
  readonly data: Readonly<Record<string, { readonly value: string | number }>>;
  /** Which version opens. @defaultValue 'formal' */
  readonly miniprogramState?: 'developer' | 'trial' | 'formal' | undefined;
  /** @defaultValue 'zh_CN' */
  readonly lang?: 'zh_CN' | 'en_US' | 'zh_HK' | 'zh_TW' | undefined;
}

/** Messages to which users have subscribed. */
export interface SubscribeMessage {
  /**
   * Sends one.
   * @throws WeixinError 40003 wrong openid, 40037 wrong templateId, 43101 the user has not agreed, 47003 a field is
   * missing or not of its kind, 41030 wrong page
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
   */
  send(params: SubscribeSendParams): Promise<WeixinResult>;
}

export function createSubscribeMessage(call: Call): SubscribeMessage {
  return createGroup<SubscribeMessage>(call, 'subscribeMessage', {
    send: {
      path: '/cgi-bin/message/subscribe/send',
      kinds: {
        touser: 'text',
        templateId: 'text',
        page: 'text?',
        data: 'object',
        miniprogramState: 'text?',
        lang: 'text?',
      },
    },
  });
}
