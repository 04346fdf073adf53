import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO_APP } from '../platform/app-config.js';
import { createTestClient } from '../testing/test-client.js';

const client = createTestClient();
beforeEach(client.start);
afterEach(client.stop);

const CREATE = '/cgi-bin/wxaapp/createwxaqrcode';
const GET_CODE = '/wxa/getwxacode';
const UNLIMITED = '/wxa/getwxacodeunlimit';
const make = (path: string, body: unknown) => client.post(path, body, client.auth());
const errcode = async (path: string, body: unknown) => (await make(path, body)).json.errcode ?? 0;

describe.each([
  [CREATE, { path: 'page/index/index', width: 430 }],
  [GET_CODE, { path: 'page/index/index', line_color: { r: '0', g: 0, b: '0' } }],
  [UNLIMITED, { scene: 'id=1', page: 'pages/index/index', check_path: true }],
])('POST %s', (path, body) => {
  it('answers a picture', async () => {
    const { headers, bytes } = await make(path, body);
    expect(headers.get('content-type')).toBe('image/jpeg');
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect(bytes.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
  });

  it('answers a transparent picture as PNG', async () => {
    const { headers, bytes } = await make(path, { ...body, is_hyaline: true });
    expect(headers.get('content-type')).toBe('image/png');
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  });

  it('checks width and version', async () => {
    expect(await errcode(path, { ...body, width: 280 })).toBe(0);
    expect(await errcode(path, { ...body, width: 1281 })).toBe(40189);
    expect(await errcode(path, { ...body, env_version: 'trial' })).toBe(0);
    expect(await errcode(path, { ...body, env_version: 'other' })).toBe(40097);
  });

  it('answers 45063 to the token of an official account', async () => {
    client.control().putApp({ ...DEMO_APP, type: 'official' });
    expect(await errcode(path, body)).toBe(45063);
  });
});

describe.each([
  [CREATE, 128],
  [GET_CODE, 1024],
])('the path given to %s', (api, max) => {
  it('must be there, in JSON, and not too long; a page in its place does not count', async () => {
    expect(await errcode(api, { path: 'p'.repeat(max) })).toBe(0);
    expect(await errcode(api, { path: 'p'.repeat(max + 1) })).toBe(40159);
    expect(await errcode(api, { page: 'pages/index/index' })).toBe(40159);
    expect(await errcode(api, 'path=pages/index/index')).toBe(40159);
  });
});

describe('createwxaqrcode and getwxacode', () => {
  it('share a cap for life, in which equal codes count once', async () => {
    client.control().setLimits({ codesPerLifetime: 2 });
    expect(await errcode(CREATE, { path: 'a' })).toBe(0);
    expect(await errcode(GET_CODE, { path: 'a' })).toBe(0);
    expect(await errcode(CREATE, { path: 'b' })).toBe(45029);
    client.control().advanceClock(400 * 86_400);
    expect(await errcode(GET_CODE, { path: 'b' })).toBe(45029);
    expect(await errcode(CREATE, { path: 'a' })).toBe(0);
  });

  it('getwxacode is limited by the day', async () => {
    client.control().setLimits({ getCodePerDay: 1 });
    await make(GET_CODE, { path: 'a' });
    expect(await errcode(GET_CODE, { path: 'a' })).toBe(45009);
    expect(await errcode(CREATE, { path: 'a' })).toBe(0);
  });
});

describe('getwxacodeunlimit', () => {
  const scene = 'id=1';

  it('takes scenes of 1 to 32 of the allowed characters', async () => {
    expect(await errcode(UNLIMITED, { scene: "aZ09!#$&'()*+,/:;=?@-._~" })).toBe(0);
    for (const bad of ['', 'x'.repeat(33), undefined])
      expect(await errcode(UNLIMITED, { scene: bad })).toBe(40169);
    for (const bad of ['a%20', '你好', 'a b']) expect(await errcode(UNLIMITED, { scene: bad })).toBe(40129);
    expect(await errcode(UNLIMITED, 'scene=id')).toBe(40169);
  });

  it('takes no other types than it documents, and no access_token in the body', async () => {
    const wrong = {
      is_hyaline: 1,
      check_path: 'false',
      width: '430',
      scene: 1,
      line_color: '#000',
      access_token: 'a',
    };
    for (const [name, value] of Object.entries(wrong)) {
      expect([name, await errcode(UNLIMITED, { scene, [name]: value })]).toEqual([name, 47001]);
    }
  });

  it('takes pages of the published version, unless check_path is false', async () => {
    client.control().putApp({ ...DEMO_APP, pages: ['pages/index/index'] });
    expect(await errcode(UNLIMITED, { scene, page: 'pages/index/index' })).toBe(0);
    expect(await errcode(UNLIMITED, { scene })).toBe(0);
    expect((await make(UNLIMITED, { scene, page: 'pages/other' })).json.errmsg).toMatch(
      /^invalid page rid: /,
    );
    expect(await errcode(UNLIMITED, { scene, page: 'pages/other', check_path: false })).toBe(0);
  });

  it('takes no page with a slash in front or a query', async () => {
    for (const page of ['/pages/index', 'pages/index?a=1']) {
      expect(await errcode(UNLIMITED, { scene, page, check_path: false })).toBe(41030);
    }
  });

  it('is limited by the minute, and in the pages it does not check', async () => {
    client.control().setLimits({ unlimitedCodesPerMinute: 3, uncheckedPages: 1 });
    expect(await errcode(UNLIMITED, { scene, page: 'a', check_path: false })).toBe(0);
    expect(await errcode(UNLIMITED, { scene, page: 'a', check_path: false })).toBe(0);
    expect(await errcode(UNLIMITED, { scene, page: 'b', check_path: false })).toBe(45029);
    expect(await errcode(UNLIMITED, { scene, page: 'b' })).toBe(0);
    expect(await errcode(UNLIMITED, { scene })).toBe(45009);
    client.control().advanceClock(60);
    expect(await errcode(UNLIMITED, { scene })).toBe(0);
  });
});
