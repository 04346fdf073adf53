import type { Auth } from './groups/auth.js';
import type { CustomerServiceMessage } from './groups/customer-service-message.js';
import type { Img } from './groups/img.js';
import type { Jssdk } from './groups/jssdk.js';
import type { Urllink, Urlscheme } from './groups/links.js';
import type { Phonenumber } from './groups/phonenumber.js';
import type { Security } from './groups/security.js';
import type { SubscribeMessage } from './groups/subscribe-message.js';
import type { Wxacode } from './groups/wxacode.js';
import type { Material } from './official/material.js';
import type { Menu } from './official/menu.js';
import type { Oauth } from './official/oauth.js';
import type { TemplateMessage } from './official/template-message.js';
import type { User } from './official/user.js';
import type { Request } from './request.js';

/** The WeChat server APIs of one app. Every method throws WeixinError and TokenServerError, and TypeError for wrong arguments. */
export interface Weixin {
  readonly auth: Auth;
  readonly customerServiceMessage: CustomerServiceMessage;
  readonly wxacode: Wxacode;
  readonly img: Img;
  readonly subscribeMessage: SubscribeMessage;
  readonly security: Security;
  readonly urlscheme: Urlscheme;
  readonly urllink: Urllink;
  readonly phonenumber: Phonenumber;
  readonly jssdk: Jssdk;
  readonly templateMessage: TemplateMessage;
  readonly user: User;
  readonly menu: Menu;
  readonly material: Material;
  readonly oauth: Oauth;
  readonly request: Request;
  /** Stops what runs in the background. */
  close(): Promise<void>;
}
