/** co-wechat-api comes without types; these are the ones that the tests use. */
declare module 'co-wechat-api' {
  import type { CoWechatApi } from '@zhongkong/client-sdk/co-wechat-api';

  interface Api extends CoWechatApi {
    prefix: string;
    wxaPrefix: string;
    setOpts(options: object): void;
    ensureAccessToken(): Promise<{ accessToken: string }>;
    getIp(): Promise<unknown>;
    getWXACodeUnlimit(scene: string, page: string): Promise<unknown>;
    uploadMedia(path: string, type: string): Promise<unknown>;
    request(url: string, options?: object): Promise<unknown>;
  }
  const Api: new (appId: string, secret: string) => Api;
  export = Api;
}
