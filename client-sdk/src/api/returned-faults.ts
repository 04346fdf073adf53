import { TokenServerError, WeixinError } from '../errors.js';
import type { WeixinRequest } from './request.js';
import type { Weixin } from './weixin.js';
import type { WeixinAnswer, WeixinResult } from './weixin-types.js';

/** A success, or a fault, of which nothing but `errCode` and `errMsg` is there. */
export type Returned<Result> = Result extends WeixinResult
  ? string extends keyof Result
    ? Result
    : Result | (WeixinResult & { readonly [Name in Exclude<keyof Result, keyof WeixinResult>]?: undefined })
  : never;

type Returning<Group> = {
  readonly [Name in keyof Group]: Group[Name] extends (...given: infer Given) => Promise<infer Result>
    ? (...given: Given) => Promise<Returned<Result>>
    : never;
};

/**
 * The WeChat server APIs of one app, with `throwOnError: false`: a fault of WeChat or of the token server is a
 * result. Every field but `errCode` and `errMsg` may be missing, so look at one of them first.
 */
export type WeixinReturningFaults = {
  readonly [Name in Exclude<keyof Weixin, 'request' | 'close'>]: Returning<Weixin[Name]>;
} & {
  request<Result extends object = WeixinAnswer>(
    request: WeixinRequest,
  ): Promise<Returned<WeixinResult & Result>>;
  close(): Promise<void>;
};

/** The same methods, of which a fault is a result. */
export function returningFaults<Group extends object>(group: Group): Group {
  const methods = Object.entries(group) as [string, (...given: unknown[]) => Promise<WeixinResult>][];
  const guarded = methods.map(([name, method]) => [
    name,
    (...given: unknown[]) => method(...given).catch(asResult),
  ]);
  return Object.fromEntries(guarded) as Group;
}

/** Anything that is no fault of WeChat or of the server is still thrown. */
function asResult(error: unknown): WeixinResult {
  if (error instanceof WeixinError) return { errCode: error.errCode, errMsg: error.errMsg };
  if (error instanceof TokenServerError) return { errCode: -1, errMsg: error.message };
  throw error;
}
