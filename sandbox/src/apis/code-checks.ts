import type { App } from '../platform/app.js';
import { WechatFault } from '../platform/wechat-fault.js';

/** @throws 45063 for the token of an official account */
export function requireMiniProgram(app: App): void {
  if (app.config.type !== 'miniprogram') throw new WechatFault(45063);
}

/** @throws 40097 for what is none of the three versions */
export function checkEnvVersion(value: unknown): void {
  if (value !== undefined && value !== 'release' && value !== 'trial' && value !== 'develop') {
    throw new WechatFault(40097);
  }
}

/** @throws 40189 outside 280 to 1280 pixels */
export function checkWidth(value: unknown): void {
  if (value === undefined) return;
  const width = Number(value);
  if (!(width >= 280 && width <= 1280)) throw new WechatFault(40189);
}
