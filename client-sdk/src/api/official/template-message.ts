import type { Call } from '../call.js';
import { createGroup } from '../method.js';
import type { CallOptions, WeixinResult } from '../weixin-types.js';

export interface TemplateSendParams extends CallOptions {
  /** The user's openid. */
  readonly touser: string;
  readonly templateId: string;
  /** Page that opens on a tap. */
  readonly url?: string | undefined;
  /** Mini program that opens in its place; it must be linked to the account. */
  readonly miniprogram?: { readonly appid: string; readonly pagepath?: string | undefined } | undefined;
  /** The same id is sent once within 10 minutes. */
  readonly clientMsgId?: string | undefined;
  /** The template's fields, by their names as the template has them. They are sent as they are. */
  readonly data: Readonly<Record<string, { readonly value: string | number; readonly color?: string }>>;
}

export interface TemplateSendResult extends WeixinResult {
  /** A string when it has more digits than JavaScript can hold. */
  readonly msgid: number | string;
}

/** Template messages of official accounts that are verified service accounts. */
export interface TemplateMessage {
  /**
   * Sends one.
   * @throws WeixinError 40003 wrong openid, 40037 wrong templateId, 43004 the user does not follow the account, 47003 a
   * field is wrong, 45009 too many today
   * @see https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html
   */
  send(params: TemplateSendParams): Promise<TemplateSendResult>;
}

export function createTemplateMessage(call: Call): TemplateMessage {
  return createGroup<TemplateMessage>(call, 'templateMessage', {
    send: {
      path: '/cgi-bin/message/template/send',
      kinds: {
        touser: 'text',
        templateId: 'text',
        url: 'text?',
        miniprogram: 'object?',
        clientMsgId: 'text?',
        data: 'object',
      },
    },
  });
}
