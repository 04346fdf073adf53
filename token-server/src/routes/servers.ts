import { storeUnavailable } from '@zhongkong/jobs';
import { rotationAnswer, serversAnswer } from '@zhongkong/shared/contract';
import type { ServerEntry } from '../server-list.js';
import { actorOf, requireAllApps } from './actor.js';
import { defineRoute } from './services.js';

export const listServers = defineRoute({
  id: 'listServers',
  method: 'get',
  path: '/v1/servers',
  group: 'Operation',
  summary: 'The servers on this Redis',
  access: 'admin',
  answers: [{ status: 200, description: 'The servers.', schema: serversAnswer }],
  problems: ['store_unavailable'],
  async handle({ servers }, { client }) {
    requireAllApps(client);
    const running = await servers.running().catch((error: unknown) => {
      throw storeUnavailable(error);
    });
    return { body: { servers: running.map((server) => toAnswer(server, servers.id)) } };
  },
});

export const rotateMasterKey = defineRoute({
  id: 'rotateMasterKey',
  method: 'post',
  path: '/v1/master-key/rotate',
  group: 'Operation',
  summary: 'Seals everything with the new master key',
  description:
    'The first key of `ZHONGKONG_MASTER_KEY=new,old` becomes the one that seals, and everything in Redis is sealed anew while the servers work. A server with its own Redis makes the new key itself. 409 while a running server does not know the new key; nothing was changed then. It may be called again at any time.',
  access: 'admin',
  answers: [
    { status: 200, description: 'Nothing is sealed with the old key any more.', schema: rotationAnswer },
  ],
  problems: ['conflict', 'store_unavailable'],
  async handle({ masterKey, audit }, call) {
    requireAllApps(call.client);
    const counts = await masterKey.rotate();
    await audit.note(actorOf(call), { action: 'master-key.rotate', target: '', after: counts });
    return { body: counts };
  },
});

function toAnswer({ id, version, url, startedAtMs, seenAtMs, masterKeyIds }: ServerEntry, ownId: string) {
  return {
    id,
    version,
    url,
    startedAt: new Date(startedAtMs).toISOString(),
    seenAt: new Date(seenAtMs).toISOString(),
    isThisServer: id === ownId,
    masterKeyIds,
  };
}
