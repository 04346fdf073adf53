import type { Call } from '../call.js';
import { createGroup } from '../method.js';
import type { CallOptions, WeixinResult } from '../weixin-types.js';

/** `type` and what it needs (`url`, `key`, `mediaId`, `appid` and `pagepath`, `articleId`), or `subButton`. */
export interface MenuButton {
  readonly name: string;
  readonly type?: string | undefined;
  readonly key?: string | undefined;
  readonly url?: string | undefined;
  readonly mediaId?: string | undefined;
  readonly articleId?: string | undefined;
  readonly appid?: string | undefined;
  readonly pagepath?: string | undefined;
  /** At most five. */
  readonly subButton?: readonly MenuButton[] | undefined;
}

export interface CreateMenuParams extends CallOptions {
  /** At most three. */
  readonly button: readonly MenuButton[];
}

/** The menu of an official account. */
export interface Menu {
  /**
   * Replaces the menu.
   * @throws WeixinError 40016 too many buttons, 40018 a name is too long, 40055 wrong url, 48001 the account may not
   * @see https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html
   */
  create(params: CreateMenuParams): Promise<WeixinResult>;
  /**
   * The menu as it was made by `create`.
   * @throws WeixinError 46003 there is no menu
   * @see https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Querying_Custom_Menus.html
   */
  get(
    params?: CallOptions,
  ): Promise<WeixinResult & { readonly menu: { readonly button: readonly MenuButton[] } }>;
  /**
   * Removes the menu.
   * @see https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Deleting_Custom-Defined_Menu.html
   */
  delete(params?: CallOptions): Promise<WeixinResult>;
}

export function createMenu(call: Call): Menu {
  return createGroup<Menu>(call, 'menu', {
    create: { path: '/cgi-bin/menu/create', kinds: { button: 'list' } },
    get: { path: '/cgi-bin/menu/get', verb: 'GET', kinds: {} },
    delete: { path: '/cgi-bin/menu/delete', verb: 'GET', kinds: {}, safeToRepeat: false },
  });
}
