import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestClient } from '../testing/test-client.js';

const client = createTestClient();
beforeEach(client.start);
afterEach(client.stop);

const img_url = 'https://example.com/a.png';
const upload = (path: string, bytes: Buffer, fields: Record<string, string> = {}) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set('img', new Blob([bytes], { type: 'image/png' }), 'a.png');
  return client.call(path, client.auth(), { method: 'POST', body });
};

describe.each(['/cv/img/aicrop', '/cv/img/qrcode', '/cv/img/superresolution'])('%s', (path) => {
  it('takes a picture by its address with GET and POST, and as a part of a form', async () => {
    const query = { ...client.auth(), img_url };
    for (const answer of [
      await client.get(path, query),
      await client.post(path, '', query),
      await upload(path, Buffer.from('png')),
    ]) {
      expect(answer.json).toMatchObject({ errcode: 0, errmsg: 'ok' });
    }
  });

  it('refuses an address that is none, no picture, an empty and a too large one', async () => {
    const errcode = async (query: object) =>
      (await client.get(path, { ...client.auth(), ...query })).json.errcode;
    expect(await errcode({ img_url: 'not an address' })).toBe(101000);
    expect(await errcode({})).toBe(41005);
    expect((await upload(path, Buffer.alloc(0))).json.errcode).toBe(44001);
    expect((await upload(path, Buffer.alloc(2 * 1024 * 1024))).json.errcode).toBe(45001);
  });

  it('answers a bad token with the long 40001', async () => {
    const { json } = await client.get(path, { access_token: 'unknown', img_url });
    expect(json.errmsg).toContain('could get access_token by getStableAccessToken');
  });
});

describe('/cv/img/aicrop', () => {
  it('answers a crop for each ratio, within the picture, from query or form', async () => {
    const expected = {
      errcode: 0,
      errmsg: 'ok',
      results: [
        { crop_left: 119, crop_top: 0, crop_right: 847, crop_bottom: 728 },
        { crop_left: 0, crop_top: 158, crop_right: 966, crop_bottom: 569 },
      ],
      img_size: { w: 966, h: 728 },
    };
    const ratios = '1,2.35';
    expect((await client.get('/cv/img/aicrop', { ...client.auth(), img_url, ratios })).json).toEqual(
      expected,
    );
    expect((await upload('/cv/img/aicrop', Buffer.from('png'), { ratios })).json).toEqual(expected);
  });

  it('takes five ratios at most, and only ratios', async () => {
    for (const ratios of ['1,1,1,1,1,1', '1,x', '0']) {
      const { json } = await client.get('/cv/img/aicrop', { ...client.auth(), img_url, ratios });
      expect(json.errcode).toBe(40097);
    }
  });
});

describe('/cv/img/qrcode', () => {
  it('answers QR codes with and bar codes without their place', async () => {
    const { json } = await client.get('/cv/img/qrcode', { ...client.auth(), img_url });
    expect(json.code_results).toEqual([
      {
        type_name: 'QR_CODE',
        data: 'http://www.qq.com',
        pos: expect.objectContaining({ left_top: { x: 585, y: 378 } }),
      },
      { type_name: 'EAN_13', data: '5906789678957' },
    ]);
  });
});

describe('/cv/img/superresolution', () => {
  it('answers a media id under which the picture can be fetched', async () => {
    const picture = Buffer.from('a picture');
    const { json } = await upload('/cv/img/superresolution', picture);
    const media = await client.get('/cgi-bin/media/get', {
      ...client.auth(),
      media_id: String(json.media_id),
    });
    expect(media.bytes).toEqual(picture);
  });
});
