import { auditAnswer, auditQuery, reloadAnswer } from '@zhongkong/shared/contract';
import { actorOf, requireAllApps } from './actor.js';
import { defineRoute } from './services.js';

export const getAudit = defineRoute({
  id: 'getAudit',
  method: 'get',
  path: '/v1/audit',
  group: 'Operation',
  summary: 'Who changed what',
  description:
    'Every change of apps, clients and keys, every rotation that an operator asked for, every reload. For the next page, give the last `id` as `before`. The last 10,000 entries are kept.',
  access: 'admin',
  query: auditQuery,
  answers: [{ status: 200, description: 'The entries, the newest first.', schema: auditAnswer }],
  problems: ['store_unavailable'],
  async handle({ audit }, { client, query: { limit, before } }) {
    requireAllApps(client);
    return { body: { entries: await audit.read(limit, before) } };
  },
});

export const reload = defineRoute({
  id: 'reload',
  method: 'post',
  path: '/v1/reload',
  group: 'Operation',
  summary: 'Read the configuration again',
  description:
    'Apps, clients, policies and the log level change without a restart, on this server; SIGHUP does the same. If anything is wrong, nothing changes.',
  access: 'admin',
  answers: [{ status: 200, description: 'What has changed.', schema: reloadAnswer }],
  problems: ['invalid_configuration'],
  async handle(services, call) {
    requireAllApps(call.client);
    const changes = services.reload();
    await services.audit.note(actorOf(call), { action: 'reload', target: '', after: changes });
    return { body: changes };
  },
});
