import type { AppConfig } from './app-config.js';
import { BoundedMap } from './bounded-map.js';
import { Conversation } from './conversation.js';
import { LoginCodes } from './login-codes.js';
import { MediaStore } from './media-store.js';
import type { TokenPool } from './token-pool.js';
import type { TokenEndpoint } from './token-record.js';
import { Usage } from './usage.js';

export type TicketType = 'jsapi' | 'wx_card';

export interface Ticket {
  ticket: string;
  /** Unix milliseconds. */
  expiresAtMs: number;
}

/** What the platform knows of one user of an app. */
export interface AppUser {
  readonly conversation: Conversation;
  /** What the user has used up of the quotas that count by user. */
  readonly usage: Usage;
}

/** Everything the platform knows of one account. */
export class App {
  config: AppConfig;

  /* Kept over a restart when there is a state file. */
  readonly pools: Record<TokenEndpoint, TokenPool> = { token: {}, stable_token: {} };
  readonly tickets: Partial<Record<TicketType, Ticket>> = {};
  usage = new Usage();
  /** When a token was last forced. Unix milliseconds. */
  lastForceAtMs: number | undefined;

  /* Forgotten at a restart. */
  readonly loginCodes = new LoginCodes();
  readonly phoneCodes = new LoginCodes();
  readonly media = new MediaStore();
  /** Orders seen, each with its payer and the instant of payment. */
  readonly payments = new BoundedMap<string, { openid: string; paidAtMs: number }>(10_000);
  /** The different codes made with createwxaqrcode and getwxacode, of which there may be so many in a lifetime. */
  readonly codes = new Set<string>();
  /** The different pages given to getwxacodeunlimit without check. */
  readonly uncheckedPages = new Set<string>();
  readonly #users = new BoundedMap<string, AppUser>(100_000);

  constructor(config: AppConfig) {
    this.config = config;
  }

  user(openid: string): AppUser {
    const user = this.#users.get(openid) ?? { conversation: new Conversation(), usage: new Usage() };
    this.#users.set(openid, user);
    return user;
  }
}
