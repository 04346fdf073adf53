// What many a team writes for itself: an Express route that reads the token from Redis for each request, after it has
// compared the key.
import { createHash, timingSafeEqual } from 'node:crypto';
import express from 'express';
import { Redis } from 'ioredis';

const [redisUrl, apiKey] = process.argv.slice(2);
const redis = new Redis(redisUrl);
const hash = (text) => createHash('sha256').update(text).digest();
const expected = hash(`Bearer ${apiKey}`);

const app = express();
app.get('/v1/apps/:appId/access-token', async (request, response) => {
  if (!timingSafeEqual(hash(request.get('authorization') ?? ''), expected)) return response.sendStatus(401);
  const stored = await redis.get(`token:${request.params.appId}`);
  const { accessToken, version, expiresAtMs } = JSON.parse(stored);
  const expiresIn = Math.floor((expiresAtMs - Date.now()) / 1000);
  response
    .set('cache-control', 'no-store')
    .set('etag', `"${version}"`)
    .json({ accessToken, version, expiresIn });
});

process.on('message', async ({ id, options: { appId, token } }) => {
  await redis.set(`token:${appId}`, JSON.stringify(token));
  process.send({ id, result: null });
});
const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
