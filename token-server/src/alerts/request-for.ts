import { createHmac } from 'node:crypto';
import type { AlertTarget } from '../config/config.js';
import { type Alert, messageOf } from './message.js';

export interface AlertRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** So many alerts a webhook gets in one request; the number of all stands beside them. */
const ALERTS_MAX = 100;

const hmac = (key: string, text: string) => createHmac('sha256', key).update(text);

/**
 * What is sent for alerts to a robot of WeCom, DingTalk or Feishu, or to a webhook.
 * @see https://developer.work.weixin.qq.com/document/path/91770
 * @see https://open.dingtalk.com/document/robots/customize-robot-security-settings
 * @see https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 */
export function requestFor(target: AlertTarget, alerts: readonly Alert[], nowMs: number): AlertRequest {
  const { type, url, secret, language } = target;
  const text = messageOf(alerts, language);
  switch (type) {
    case 'wecom':
      return json(url, { msgtype: 'text', text: { content: text } });
    case 'dingtalk': {
      const signed = new URL(url);
      if (secret !== undefined) {
        signed.searchParams.set('timestamp', String(nowMs));
        signed.searchParams.set('sign', hmac(secret, `${nowMs}\n${secret}`).digest('base64'));
      }
      return json(signed.href, { msgtype: 'text', text: { content: text } });
    }
    case 'feishu': {
      const timestamp = String(Math.floor(nowMs / 1000));
      // Feishu signs the empty text, with time and secret as the key.
      const sign = secret && hmac(`${timestamp}\n${secret}`, '').digest('base64');
      return json(url, { ...(sign && { timestamp, sign }), msg_type: 'text', content: { text } });
    }
    case 'webhook': {
      const timestamp = String(Math.floor(nowMs / 1000));
      const listed = alerts
        .slice(0, ALERTS_MAX)
        .map(({ text: texts, ...alert }) => ({ ...alert, text: texts[language] }));
      const request = json(url, {
        sentAt: new Date(nowMs).toISOString(),
        count: alerts.length,
        alerts: listed,
      });
      const signature = hmac(secret ?? '', `${timestamp}.${request.body}`).digest('hex');
      const headers = {
        ...request.headers,
        'zhongkong-timestamp': timestamp,
        'zhongkong-signature': `sha256=${signature}`,
      };
      return { ...request, headers };
    }
  }
}

/** What the answer says is wrong; undefined: the message was taken. Robots answer 200 to what they refuse. */
export function faultIn(status: number, body: string, type: AlertTarget['type']): string | undefined {
  if (status < 200 || status > 299) return `HTTP ${status}`;
  if (type === 'webhook') return undefined;
  try {
    const { errcode, code, StatusCode } = JSON.parse(body) as Record<string, unknown>;
    const result = errcode ?? code ?? StatusCode;
    return result === 0 ? undefined : `code ${String(result).slice(0, 20)}`;
  } catch {
    return 'an answer that is no JSON';
  }
}

function json(url: string, content: object): AlertRequest {
  return {
    url,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(content),
  };
}
