import type { Api } from './api.js';

/** @see https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Get_the_WeChat_server_IP_address.html */
export const getApiDomainIp = ipList('/cgi-bin/get_api_domain_ip', ['101.226.129.201', '180.97.117.17']);
export const getCallbackIp = ipList('/cgi-bin/getcallbackip', ['101.226.103.0/25', '101.91.36.128/26']);

function ipList(path: string, addresses: readonly string[]): Api {
  return { path, methods: ['GET'], auth: 'access_token', answer: () => ({ json: { ip_list: addresses } }) };
}
