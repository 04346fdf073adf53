import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Alert } from './message.js';
import { messageOf } from './message.js';
import { faultIn, requestFor } from './request-for.js';

const alert = (subject: string): Alert => ({
  kind: 'misconfigured',
  subject,
  state: 'firing',
  text: { en: `WeChat refuses ${subject}`, zh: `微信拒绝了 ${subject}` },
});
const NOW = 1_760_000_000_500;

describe('the request for', () => {
  it('WeCom is a text', () => {
    const { url, body } = requestFor(
      { type: 'wecom', url: 'https://w/?key=k', language: 'zh' },
      [alert('wx1')],
      NOW,
    );
    expect([url, JSON.parse(body)]).toEqual([
      'https://w/?key=k',
      { msgtype: 'text', text: { content: '中控服务器\n[告警] 微信拒绝了 wx1' } },
    ]);
  });

  it('DingTalk has the signature in its URL, over milliseconds and secret, by the secret', () => {
    const target = {
      type: 'dingtalk',
      url: 'https://d/send?access_token=t',
      secret: 'SEC+/=',
      language: 'en',
    } as const;
    const url = new URL(requestFor(target, [alert('wx1')], NOW).url);
    const sign = createHmac('sha256', 'SEC+/=').update(`${NOW}\nSEC+/=`).digest('base64');
    expect(Object.fromEntries(url.searchParams)).toEqual({ access_token: 't', timestamp: String(NOW), sign });
  });

  it('Feishu has the signature in its body: of the empty text, by seconds and secret', () => {
    const target = { type: 'feishu', url: 'https://f/hook', secret: 's', language: 'en' } as const;
    const sign = createHmac('sha256', '1760000000\ns').update('').digest('base64');
    expect(JSON.parse(requestFor(target, [alert('wx1')], NOW).body)).toEqual({
      timestamp: '1760000000',
      sign,
      msg_type: 'text',
      content: { text: 'Zhongkong\n[ALERT] WeChat refuses wx1' },
    });
  });

  it('a webhook is signed over time and body', () => {
    const target = { type: 'webhook', url: 'https://h/', secret: 's', language: 'en' } as const;
    const { headers, body } = requestFor(target, [alert('wx1')], NOW);
    const sign = createHmac('sha256', 's').update(`1760000000.${body}`).digest('hex');
    expect(headers).toMatchObject({
      'zhongkong-timestamp': '1760000000',
      'zhongkong-signature': `sha256=${sign}`,
    });
    expect(JSON.parse(body)).toEqual({
      sentAt: '2025-10-09T08:53:20.500Z',
      count: 1,
      alerts: [{ kind: 'misconfigured', subject: 'wx1', state: 'firing', text: 'WeChat refuses wx1' }],
    });
  });
});

describe('a message', () => {
  it('has ten lines and 2,000 bytes at most, and says how many more there are', () => {
    const many = Array.from({ length: 500 }, (_, index) => alert(`wx${index}`));
    expect(messageOf(many, 'zh').split('\n')).toHaveLength(12);
    expect(messageOf(many, 'zh')).toMatch(/另外 490 项$/);
    const long = many.map((each) => ({ ...each, text: { en: 'x'.repeat(900), zh: '信'.repeat(900) } }));
    for (const language of ['en', 'zh'] as const)
      expect(Buffer.byteLength(messageOf(long, language))).toBeLessThan(2_048);
  });
});

describe('an answer', () => {
  it.each([
    [200, '{"errcode":0,"errmsg":"ok"}', 'wecom', undefined],
    [200, '{"errcode":310000,"errmsg":"sign not match"}', 'dingtalk', 'code 310000'],
    [200, '{"code":0,"msg":"success"}', 'feishu', undefined],
    [200, '{"StatusCode":0,"StatusMessage":"success"}', 'feishu', undefined],
    [200, '{"code":19021,"msg":"sign match fail"}', 'feishu', 'code 19021'],
    [200, '<html>', 'wecom', 'an answer that is no JSON'],
    [302, '', 'webhook', 'HTTP 302'],
    [204, '', 'webhook', undefined],
  ] as const)('%i %s of %s: %s', (status, body, type, fault) => {
    expect(faultIn(status, body, type)).toBe(fault);
  });
});
