import { setTimeout as delay } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { identifyApp } from '../platform/identify-app.js';
import { WechatFault } from '../platform/wechat-fault.js';
import { type IncomingCall, processCall, recordCall, refuseCall } from '../process-call.js';
import type { World } from '../world.js';
import { readRequest } from './read-request.js';
import { dress, emptyReply, gatewayReply, resetConnection, send, sendTorn, wireReply } from './wire-reply.js';

/**
 * Answers one call of the platform, or does to it what the first fitting injected fault says.
 * @param stopping aborts what waits, so that nothing outlives the server
 */
export async function servePlatform(
  world: World,
  req: Request,
  res: Response,
  stopping: AbortSignal,
): Promise<void> {
  const request = await readRequest(req, world.platform.callerAddress);
  const app = identifyApp(world.platform, request);
  const fault = world.faults.take(request.path, app?.config.appId);
  const call: IncomingCall = { request, app, faultKind: fault?.kind };
  switch (fault?.kind) {
    case undefined:
      return send(res, wireReply(processCall(world, call)));
    case 'slow':
      if (await isOver(fault.delayMs, stopping)) send(res, wireReply(processCall(world, call)));
      return;
    case 'late': {
      const reply = wireReply(processCall(world, call));
      if (await isOver(fault.delayMs, stopping)) send(res, reply);
      return;
    }
    case 'torn':
      return sendTorn(res, wireReply(processCall(world, call)));
    case 'dressed':
      return send(res, dress(wireReply(processCall(world, call)), fault));
    case 'lost':
      processCall(world, call);
      return resetConnection(res);
    case 'errcode':
      return send(res, wireReply(refuseCall(world, call, new WechatFault(fault.errcode), fault.errmsg)));
    case 'hang':
      return recordCall(world, call);
    case 'reset':
      recordCall(world, call);
      return resetConnection(res);
    case 'status':
      recordCall(world, call);
      return send(res, gatewayReply(fault.status));
    case 'empty':
      recordCall(world, call);
      return send(res, emptyReply());
  }
}

/** Waits; false when the server stopped meanwhile. */
async function isOver(delayMs: number, stopping: AbortSignal): Promise<boolean> {
  try {
    await delay(delayMs, undefined, { signal: stopping });
    return true;
  } catch {
    return false;
  }
}
