import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestClient } from '../testing/test-client.js';

const client = createTestClient();
beforeEach(client.start);
afterEach(client.stop);

const ticket = async (type = 'jsapi') =>
  (await client.get('/cgi-bin/ticket/getticket', { ...client.auth(), type })).json;

describe('GET /cgi-bin/ticket/getticket', () => {
  it('answers one and the same ticket while it lives, with what is left of its 7200 seconds', async () => {
    const first = await ticket();
    expect(first).toEqual({
      errcode: 0,
      errmsg: 'ok',
      ticket: expect.stringMatching(/^[\w-]{86}$/),
      expires_in: 7200,
    });
    client.control().advanceClock(7199);
    expect(await ticket()).toEqual({ ...first, expires_in: 1 });
    client.control().advanceClock(1);
    expect((await ticket()).ticket).not.toBe(first.ticket);
  });

  it('makes no new ticket for a new access token', async () => {
    const first = await ticket();
    await client.stableToken({ force_refresh: true });
    expect(await ticket()).toEqual(first);
  });

  it('keeps tickets of each type apart, and knows no others than jsapi and wx_card', async () => {
    expect((await ticket('wx_card')).ticket).not.toBe((await ticket()).ticket);
    expect((await ticket('other')).errcode).toBe(40097);
  });

  it('takes the life that was set', async () => {
    client.control().setLifetimes({ ticketSeconds: 10 });
    expect((await ticket()).expires_in).toBe(10);
  });
});

describe('GET /cgi-bin/getcallbackip', () => {
  it('answers addresses', async () => {
    const { json } = await client.get('/cgi-bin/getcallbackip', client.auth());
    expect(json).toEqual({ ip_list: expect.arrayContaining([expect.stringMatching(/^\d+\./)]) });
  });
});
