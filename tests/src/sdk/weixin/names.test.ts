import { describe, expect, it } from '@jest/globals';
import { openBySecret } from './open.js';

const PATH = '/any/api';

async function start() {
  const { wire, weixin } = await openBySecret();
  wire.answer = ({ path }) => (path === PATH ? { body: ANSWER } : undefined);
  const lastBody = () => wire.sent.at(-1)?.body.toString('utf8');
  return { weixin, lastBody };
}

const ANSWER = '{"errcode":0,"errmsg":"ok","list":[{"visit_uv":1,"inner":{"crop_left":2,"errcode":3}}]}';

class Card {
  readonly thumbMediaId = 'M';
}

describe('names', () => {
  it('change at every depth, in lists and in instances of classes, without touching what the caller holds', async () => {
    const { weixin, lastBody } = await start();
    const json = { outerKey: { innerKey: [{ deepKey: 1 }] }, theCard: new Card(), madeAt: new Date(0) };
    const before = structuredClone({ ...json, theCard: { ...json.theCard } });
    await weixin.request({ method: 'POST', path: PATH, json });
    expect(lastBody()).toBe(
      '{"outer_key":{"inner_key":[{"deep_key":1}]},"the_card":{"thumb_media_id":"M"},"made_at":"1970-01-01T00:00:00.000Z"}',
    );
    expect({ ...json, theCard: { ...json.theCard } }).toEqual(before);
  });

  it('of answers change at every depth', async () => {
    const { weixin } = await start();
    expect(await weixin.request({ path: PATH })).toEqual({
      errCode: 0,
      errMsg: 'ok',
      list: [{ visitUv: 1, inner: { cropLeft: 2, errCode: 3 } }],
    });
  });

  it('below data are the user’s, at every depth', async () => {
    const { weixin, lastBody } = await start();
    const data = { thing1: { value: 'x' }, myField: { innerKey: 1 } };
    const json = { templateId: 't', mpTemplateMsg: { templateId: 'u', data } };
    await weixin.request({ method: 'POST', path: PATH, json });
    expect(lastBody()).toBe(
      `{"template_id":"t","mp_template_msg":{"template_id":"u","data":${JSON.stringify(data)}}}`,
    );
  });

  it('stay as they are with convertNames: false, both ways', async () => {
    const { weixin, lastBody } = await start();
    const request = { method: 'POST', path: PATH, json: { coverImg: 1 }, convertNames: false } as const;
    expect(await weixin.request(request)).toEqual({
      errCode: 0,
      errMsg: 'ok',
      list: [{ visit_uv: 1, inner: { crop_left: 2, errcode: 3 } }],
    });
    expect(lastBody()).toBe('{"coverImg":1}');
  });

  it('and texts go out in raw UTF-8, an emoji that was cut in two included', async () => {
    const { weixin, lastBody } = await start();
    await weixin.request({ method: 'POST', path: PATH, json: { a: '中文😀<&>', b: '😀'.slice(0, 1) } });
    expect(lastBody()).toBe('{"a":"中文😀<&>","b":"\ufffd"}');
  });
});
