import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO_APP } from '../platform/app-config.js';
import { APP_ID, createTestClient, NOON_MS } from '../testing/test-client.js';

const client = createTestClient();
beforeEach(client.start);
afterEach(client.stop);

const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]);

interface Part {
  type?: string;
  field?: string;
  name?: string;
  contentType?: string;
  bytes?: Buffer;
}

function upload({
  type = 'image',
  field = 'media',
  name = '图.png',
  contentType = 'image/png',
  bytes = picture,
}: Part) {
  const body = new FormData();
  body.set(field, new Blob([bytes], { type: contentType }), name);
  return client.call('/cgi-bin/media/upload', { ...client.auth(), type }, { method: 'POST', body });
}
const fetchMedia = (mediaId: unknown) =>
  client.get('/cgi-bin/media/get', { ...client.auth(), media_id: String(mediaId) });

describe('POST /cgi-bin/media/upload', () => {
  it('answers a media id under which the very bytes can be fetched for three days', async () => {
    const { json } = await upload({});
    expect(json).toEqual({
      type: 'image',
      media_id: expect.stringMatching(/^[\w-]{64}$/),
      created_at: NOON_MS / 1000,
    });
    const media = await fetchMedia(json.media_id);
    expect(media.bytes).toEqual(picture);
    expect(media.headers.get('content-type')).toBe('image/png');
    expect(media.headers.get('content-disposition')).toBe(`attachment; filename="${json.media_id}.png"`);
    expect(media.headers.get('cache-control')).toBe('no-cache, must-revalidate');
    client.control().advanceClock(3 * 86_400 - 1);
    expect((await fetchMedia(json.media_id)).bytes).toEqual(picture);
    client.control().advanceClock(1);
    expect((await fetchMedia(json.media_id)).json.errcode).toBe(40007);
  });

  it('takes a part of another name, and a file without an extension by its content type', async () => {
    expect((await upload({ field: 'file' })).json).toHaveProperty('media_id');
    expect((await upload({ name: 'blob' })).json).toHaveProperty('media_id');
  });

  it('takes pictures only from a mini program, and other media from an official account', async () => {
    const voice = { type: 'voice', name: 'a.mp3', contentType: 'audio/mpeg' };
    expect((await upload(voice)).json.errcode).toBe(40004);
    client.control().putApp({ ...DEMO_APP, type: 'official' });
    expect((await upload(voice)).json).toMatchObject({ type: 'voice' });
    expect((await upload({ type: 'other' })).json.errcode).toBe(40004);
  });

  it('refuses what is no file, an empty file, a file of the wrong kind and one too large', async () => {
    const noFile = await client.post('/cgi-bin/media/upload', 'media=1', { ...client.auth(), type: 'image' });
    expect(noFile.json.errcode).toBe(41005);
    expect((await upload({ bytes: Buffer.alloc(0) })).json.errcode).toBe(44001);
    expect((await upload({ name: 'a.exe' })).json.errcode).toBe(40005);
    expect((await upload({ bytes: Buffer.alloc(10 * 1024 * 1024 + 1) })).json.errcode).toBe(45001);
  });

  it('answers 41005 to a multipart body that is broken', async () => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Dispo',
    };
    const { json } = await client.call('/cgi-bin/media/upload', { ...client.auth(), type: 'image' }, init);
    expect(json.errcode).toBe(41005);
  });
});

describe('GET /cgi-bin/media/get', () => {
  it('answers 40007 to an unknown media id, with a JSON content type, and 41006 to none', async () => {
    const { headers, json } = await fetchMedia('unknown');
    expect(json.errmsg).toMatch(/^invalid media_id rid: /);
    expect(headers.get('content-type')).toBe('application/json; encoding=utf-8');
    expect((await fetchMedia('')).json.errcode).toBe(41006);
  });

  it('does not give one app the media of another', async () => {
    const { json } = await upload({});
    const other = 'wxfedcba9876543210';
    client.control().putApp({ appId: other, secret: 'other' });
    const { accessToken } = client.control().foreignRefresh({ appId: other, endpoint: 'token' });
    const query = { access_token: accessToken, media_id: String(json.media_id) };
    expect((await client.get('/cgi-bin/media/get', query)).json.errcode).toBe(40007);
  });

  it('answers a link to a video, which leads to its bytes', async () => {
    client.control().putApp({ ...DEMO_APP, type: 'official' });
    const { json } = await upload({ type: 'video', name: 'a.mp4', contentType: 'video/mp4' });
    const answer = await fetchMedia(json.media_id);
    expect(answer.json).toEqual({ video_url: expect.stringContaining(APP_ID) });
    const video = await fetch(String(answer.json.video_url));
    expect(video.headers.get('content-type')).toBe('video/mp4');
    expect(Buffer.from(await video.arrayBuffer())).toEqual(picture);
  });
});
