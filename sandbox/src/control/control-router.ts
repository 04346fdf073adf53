import express, { type ErrorRequestHandler, type Request, type Router } from 'express';
import { parseJson } from '../platform/json-body.js';
import type { World } from '../world.js';
import { ControlError } from './control-error.js';
import { findOperation, operations, runOperation } from './run-operation.js';

/**
 * The control interface over HTTP: `POST /_sandbox/<operation>` with the input as JSON; those that only read also
 * `GET /_sandbox/<operation>?…`. Answers `{"result": …}`, or `{"error": "…"}` with 400, 404, 405 or 409.
 */
export function createControlRouter(world: World): Router {
  const router = express.Router();
  router.get('/', (_req, res) => {
    res.json({ operations: Object.entries(operations).map(describe) });
  });
  // What the video_url of media/get points at.
  router.get('/media/:appId/:mediaId', (req, res) => {
    const app = world.platform.apps.get(req.params.appId);
    const media = app?.media.find(req.params.mediaId, world.clock.nowMs());
    if (!media) throw new ControlError(404, 'There is no such media, or no more.');
    res.type(media.contentType).send(media.bytes);
  });
  router.all('/:name', (req, res) => {
    res.json({ result: runOperation(world, req.params.name, inputOf(req, req.params.name)) ?? null });
  });
  router.use(answerError);
  return router;
}

function describe([name, { reads, summary }]: [string, { reads?: true; summary: string }]) {
  return { name, method: reads ? 'GET or POST' : 'POST', summary };
}

function inputOf(req: Request, name: string): unknown {
  if (req.method === 'GET') {
    if (findOperation(name).reads) return req.query;
    throw new ControlError(405, `${name} changes something: POST it.`);
  }
  if (req.method !== 'POST') throw new ControlError(405, `${name} takes POST.`);
  if (!Buffer.isBuffer(req.body) || req.body.length === 0) return {};
  const input = parseJson(req.body);
  if (input === undefined) throw new ControlError(400, `${name}: the body is not JSON.`);
  return input;
}

const answerError: ErrorRequestHandler = (error, _req, res, next) => {
  if (error instanceof ControlError) res.status(error.status).json({ error: error.message });
  else next(error);
};
