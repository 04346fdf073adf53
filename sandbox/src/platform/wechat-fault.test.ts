import { describe, expect, it } from '@jest/globals';
import { formatErrmsg, WechatFault } from './wechat-fault.js';

const rid = '6aac0063-7ed08fb9-1250f724';

describe('formatErrmsg', () => {
  it('puts a space before the request id on cgi-bin', () => {
    expect(formatErrmsg(new WechatFault(40013), '/cgi-bin/token', rid)).toBe(`invalid appid rid: ${rid}`);
  });

  it('puts a comma there on sns, for unknown paths, and for 48001', () => {
    expect(formatErrmsg(new WechatFault(40029), '/sns/jscode2session', rid)).toBe(
      `invalid code, rid: ${rid}`,
    );
    expect(formatErrmsg(new WechatFault(40066), '/nothing', rid)).toBe(`invalid url, rid: ${rid}`);
    expect(formatErrmsg(new WechatFault(48001), '/cgi-bin/x', rid)).toBe(`api unauthorized, rid: ${rid}`);
  });

  it('tells a bad token where to get a better one everywhere but on sns', () => {
    const long =
      'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, ' +
      `more details at https://mmbizurl.cn/s/JtxxFh33r rid: ${rid}`;
    for (const path of ['/cgi-bin/message/custom/send', '/wxa/getwxacode', '/cv/img/aicrop']) {
      expect(formatErrmsg(new WechatFault(40001), path, rid)).toBe(long);
    }
    expect(formatErrmsg(new WechatFault(40001), '/sns/userinfo', rid)).toBe(
      `invalid credential, access_token is invalid or not latest, rid: ${rid}`,
    );
  });
});
