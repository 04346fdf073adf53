import {
  type ClientEvent,
  createTokenClient,
  initWeixin,
  TokenServerError,
  WeixinError,
} from '@zhongkong/client-sdk';
import { withAccessToken as withAxios } from '@zhongkong/client-sdk/axios';
import { withAccessToken as withCo } from '@zhongkong/client-sdk/co-wechat-api';
import { withAccessToken as withFetch } from '@zhongkong/client-sdk/fetch';
import { withAccessToken as withGot } from '@zhongkong/client-sdk/got';
import { withAccessToken as withEasy } from '@zhongkong/client-sdk/node-easywechat';

const onEvent = (event: ClientEvent): void => console.log(event.type);
const tokens = createTokenClient({ server: ['http://a', 'http://b'], apiKey: '', appId: '', onEvent });
const weixin = initWeixin({ appId: '', tokenServer: { url: '', apiKey: '' } });
export const token: Promise<string> = weixin.auth.getAccessToken().then(({ accessToken }) => accessToken);
export const left: number = tokens.status().expiresIn;
export const healing: typeof fetch = withFetch(fetch, tokens);
export const isOurs = (error: unknown): boolean =>
  error instanceof WeixinError || error instanceof TokenServerError;
export const adapters = [withAxios, withCo, withGot, withEasy];
export const image: Promise<Buffer> = weixin.wxacode.get({ path: '' }).then(({ buffer }) => buffer);
// @ts-expect-error there is no such option
createTokenClient({ server: '', apiKey: '', appId: '', update: 'poll' });
