import { answerCall } from './apis/answer-call.js';
import type { FaultKind } from './faults/fault.js';
import type { App } from './platform/app.js';
import { countCall } from './platform/counters.js';
import type { PlatformReply, PlatformRequest } from './platform/platform-request.js';
import { newRid } from './platform/random-text.js';
import { formatErrmsg, WechatFault } from './platform/wechat-fault.js';
import type { World } from './world.js';

/** A call, whose it seems to be, and the fault that was injected into it. */
export interface IncomingCall {
  request: PlatformRequest;
  app: App | undefined;
  faultKind?: FaultKind | undefined;
}

/** Lets the platform answer the call, and writes it down. */
export function processCall(world: World, call: IncomingCall): PlatformReply {
  const { request } = call;
  const nowMs = world.clock.nowMs();
  try {
    const reply = answerCall({ platform: world.platform, request, nowMs }, world.lessons.get(request.path));
    recordCall(world, call, 0);
    return reply;
  } catch (error) {
    if (!(error instanceof WechatFault)) throw error;
    return refuseCall(world, call, error);
  }
}

/** Answers the call with an errcode, and writes it down. An explicit `errmsg` goes out as it is. */
export function refuseCall(
  world: World,
  call: IncomingCall,
  fault: WechatFault,
  errmsg?: string,
): PlatformReply {
  const rid = newRid(world.platform.random, world.clock.nowMs());
  recordCall(world, call, fault.errcode);
  return {
    json: { errcode: fault.errcode, errmsg: errmsg ?? formatErrmsg(fault, call.request.path, rid) },
  };
}

/** Writes a call down in counters and log; without errcode when the platform never got to see it. */
export function recordCall(world: World, { request, app, faultKind }: IncomingCall, errcode?: number): void {
  const { method, path, query, json, bytes } = request;
  // One place for all paths that do not exist: callers may make up as many as they like.
  const counted = errcode === 40066 ? 'unknown path' : path;
  world.platform.count(app, (counters) => countCall(counters, counted, errcode));
  world.calls.add({
    atMs: world.clock.nowMs(),
    method,
    path,
    query,
    ...(app && { appId: app.config.appId }),
    ...(query.access_token && { token: query.access_token }),
    ...(errcode !== undefined && { errcode }),
    ...(faultKind && { fault: faultKind }),
    ...(json && bytes.length <= BODY_LOGGED_MAX && { body: json }),
  });
}

const BODY_LOGGED_MAX = 16 * 1024;
