import { describe, expect, it } from '@jest/globals';
import * as openapi from '@zhongkong/client-sdk';
import { cleanUp } from '../../helpers/clean-up.js';
import { APP, startPlatform } from '../../helpers/fixtures.js';
import { PNG } from '../../helpers/images.js';
import { OPENID } from './open.js';

/**
 * The samples of the old library's page, letter by letter. Where one shows placeholders ('xxx', `Buffer`), the test gives
 * real values in their place, as a reader would. The sample of getAccessToken is no JavaScript as it stands: it destructures
 * `accessToken: 'xxxxx'`, so that one pair of quotes is left out. The one of getUnlimited has no `scene`, which the platform
 * requires; its own `catch` returns the fault.
 */
const SAMPLES: Record<string, readonly [sample: string, gives: unknown]> = {
  'auth.getAccessToken': [
    `const {
  accessToken: xxxxx,
  expiresIn
} = await openapiWeixin.auth.getAccessToken()
return { xxxxx, expiresIn }`,
    { xxxxx: expect.any(String), expiresIn: expect.any(Number) },
  ],
  'auth.getPaidUnionId by transactionId': [
    `const {
  unionid
} = await openapiWeixin.auth.getPaidUnionId({
  accessToken: 'xxxxx',
  openid: 'xxxxx',
  transactionId: 'xxxxx'
})
return { unionid }`,
    { unionid: expect.any(String) },
  ],
  'auth.getPaidUnionId by mchId and outTradeNo': [
    `const {
  unionid
} = await openapiWeixin.auth.getPaidUnionId({
  accessToken: 'xxxxx',
  openid: 'xxxxx',
  mchId: 'xxxxx',
  outTradeNo: 'xxxxx'
})
return { unionid }`,
    { unionid: expect.any(String) },
  ],
  'customerServiceMessage.getTempMedia': [
    `return openapiWeixin.customerServiceMessage.getTempMedia({
  accessToken: 'xxx',
  mediaId: ''
})`,
    { errCode: 0, errMsg: 'ok', contentType: 'image/png', buffer: PNG },
  ],
  'customerServiceMessage.uploadTempMedia': [
    `return openapiWeixin.customerServiceMessage.uploadTempMedia({
  accessToken: 'xxx',
  type: 'image',
  media: {
    contentType: 'image/png',
    value: Buffer
  }
})`,
    { errCode: 0, type: 'image', mediaId: expect.any(String), createdAt: expect.any(Number) },
  ],
  'wxacode.createQRCode': [
    `exports.main = async (event, context) => {
  try {
    const result = await openapiWeixin.wxacode.createQRCode({
        path: 'page/index/index',
        width: 430
      })
    return result
  } catch (err) {
    return err
  }
}`,
    { errCode: 0, contentType: 'image/jpeg', buffer: expect.any(Buffer) },
  ],
  'wxacode.get': [
    `exports.main = async (event, context) => {
  try {
    const result = await openapiWeixin.wxacode.get({
        path: 'page/index/index',
        width: 430
      })
    return result
  } catch (err) {
    return err
  }
}`,
    { errCode: 0, contentType: 'image/jpeg', buffer: expect.any(Buffer) },
  ],
  'wxacode.getUnlimited': [
    `exports.main = async (event, context) => {
  try {
    const result = await openapiWeixin.wxacode.getUnlimited({
        path: 'page/index/index',
        width: 430
      })
    return result
  } catch (err) {
    return err
  }
}`,
    { name: 'TypeError', message: 'wxacode.getUnlimited: scene must be a non-empty string' },
  ],
  'img.aiCrop': [
    `return openapiWeixin.img.aiCrop({
	img: {
	  contentType: 'image/png',
	  value: Buffer
	}
})`,
    { errCode: 0, results: expect.any(Array), imgSize: { w: 966, h: 728 } },
  ],
  'img.scanQRCode': [
    `exports.main = async (event, context) => {
    const result = await openapiWeixin.img.scanQRCode({
		img: {
			contentType: 'image/png',
			value: Buffer
		}
	})
    return result
}`,
    { errCode: 0, codeResults: expect.any(Array), imgSize: { w: 1000, h: 900 } },
  ],
  'img.superresolution': [
    `exports.main = async (event, context) => {
    const result = await openapiWeixin.img.superresolution({
		img: {
			contentType: 'image/png',
			value: Buffer
		}
	})
    return result
}`,
    { errCode: 0, errMsg: 'ok', mediaId: expect.any(String) },
  ],
};

type Sample = (openapiWeixin: openapi.Weixin, exports: Main, Buffer: Buffer) => Promise<unknown>;
type Main = { main?: () => Promise<unknown> };

const compile = (code: string): Sample =>
  new Function(
    'openapiWeixin',
    'exports',
    'Buffer',
    `'use strict'; return (async () => { ${code} })()`,
  ) as Sample;

describe("the old library's samples", () => {
  it.each(Object.entries(SAMPLES))('run: %s', async (_name, [sample, gives]) => {
    const platform = await startPlatform();
    const openapiWeixin = openapi.initWeixin({
      appId: APP.appId,
      secret: APP.secret,
      baseUrl: platform.url,
    });
    cleanUp(() => openapiWeixin.close());
    const { accessToken } = await openapiWeixin.auth.getAccessToken();
    const media = { contentType: 'image/png', value: PNG };
    const { mediaId } = await openapiWeixin.customerServiceMessage.uploadTempMedia({ type: 'image', media });
    const filled = sample
      .replace(/accessToken: '(?:xxx|xxxxx)'/, `accessToken: '${accessToken}'`)
      .replace("openid: 'xxxxx'", `openid: '${OPENID}'`)
      .replace("transactionId: 'xxxxx'", "transactionId: '1009660380201506130728806387'")
      .replace("mchId: 'xxxxx'", "mchId: '1230000109'")
      .replace("outTradeNo: 'xxxxx'", "outTradeNo: 'order-1'")
      .replace("mediaId: ''", `mediaId: '${mediaId}'`);
    const exports: Main = {};
    const returned = await compile(filled)(openapiWeixin, exports, PNG);
    expect(returned ?? (await exports.main?.())).toMatchObject(gives as object);
  });
});
