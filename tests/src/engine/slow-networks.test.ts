import { describe, expect, it } from '@jest/globals';
import { createWechatClient } from '@zhongkong/jobs';
import { createWechatPool } from '@zhongkong/token-server/testing';
import { cleanUp } from '../helpers/clean-up.js';
import { slowThenNobody, startSlowListener } from '../helpers/slow-listener.js';

describe('where WeChat takes longer to connect than Node gives one address', () => {
  it('a fetch or a check gets its answer', async () => {
    const port = await startSlowListener();
    const client = createWechatClient(`http://wechat.example:${port}`, { lookup: slowThenNobody });
    expect(await client.get('cgi-bin/get_api_domain_ip', {}, 5_000)).toMatchObject({ is: 'success' });
  });

  it('a proxied call gets its answer', async () => {
    const port = await startSlowListener();
    const pool = createWechatPool(`http://wechat.example:${port}`, { lookup: slowThenNobody });
    cleanUp(() => pool.close());
    const { signal } = new AbortController();
    const target = '/cgi-bin/get_api_domain_ip';
    const answer = await pool.call({
      client: 'order-service',
      appId: 'wx1',
      method: 'GET',
      target,
      headers: {},
      body: null,
      signal,
    });
    expect(await answer.body.json()).toMatchObject({ ip_list: expect.anything() });
  });
});
