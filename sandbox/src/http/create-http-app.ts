import express, { type ErrorRequestHandler, type Express } from 'express';
import { createControlRouter } from '../control/control-router.js';
import type { World } from '../world.js';
import { servePlatform } from './serve-platform.js';

/** The largest body taken in; the platform's own limits lie below it. */
const BODY_MAX = '32mb';

/** The HTTP face: the control interface under /_sandbox, the platform everywhere else. */
export function createHttpApp(world: World, stopping: AbortSignal): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.raw({ type: () => true, limit: BODY_MAX }));
  app.use('/_sandbox', createControlRouter(world));
  app.use((req, res) => servePlatform(world, req, res, stopping));
  app.use(answerUnreadable);
  return app;
}

/** A body that is too large, or breaks off, is the caller's affair: no stack trace in the terminal. */
const answerUnreadable: ErrorRequestHandler = (error: { status?: number }, _req, res, next) => {
  if (error.status !== undefined && error.status < 500) res.status(error.status).end();
  else next(error);
};
