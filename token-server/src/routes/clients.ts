import { clientList, clientsQuery, newClient, newKey, registeredClient } from '@zhongkong/shared/contract';
import { z } from 'zod';
import { findClient, listClients } from '../clients/list-clients.js';
import { clientSchema } from '../config/config-file-schema.js';
import { noSuchClient } from '../registry/manage-clients.js';
import { actorOf, requireAllApps } from './actor.js';
import { defineRoute, type Services } from './services.js';

const clientPath = z.object({ id: z.string().max(100) });
const keyPath = clientPath.extend({ keyId: z.string().max(100) });
const apps = clientSchema.shape.apps.describe('App ids, or `["*"]` for all.');
const scopes = clientSchema.shape.scopes.unwrap().describe('What the key may do.');
const expiresAt = z.iso.datetime({ offset: true });
const dropInExpiresIn = z.int().min(1).max(7200);

const newClientBody = z.strictObject({
  name: z.string().trim().min(1).max(100).describe('Names the client in logs, history and metrics.'),
  apps,
  scopes: scopes.optional(),
  expiresAt: expiresAt.nullable().optional().describe('The key does nothing from then on.'),
  dropInExpiresIn: dropInExpiresIn.optional(),
});

const clientChangeBody = z.strictObject({
  apps: apps.optional(),
  scopes: scopes.optional(),
  expiresAt: expiresAt.nullable().optional().describe('Null: never.'),
  dropInExpiresIn: dropInExpiresIn.nullable().optional(),
});

const WRITE_PROBLEMS = ['conflict', 'not_found', 'store_unavailable'] as const;

async function clientWith({ clients, lastUsed }: Services, id: string) {
  const client = await findClient(clients, lastUsed, id);
  if (client !== undefined) return client;
  throw noSuchClient();
}

export const getClients = defineRoute({
  id: 'listClients',
  method: 'get',
  path: '/v1/clients',
  group: 'Clients',
  summary: 'All clients, without their keys',
  description: 'Needs a key for all apps, as everything about clients does.',
  access: 'admin',
  query: clientsQuery,
  answers: [{ status: 200, description: 'A page, by id.', schema: clientList }],
  async handle({ clients, lastUsed }, { client, query }) {
    requireAllApps(client);
    return { body: await listClients(clients, lastUsed, query) };
  },
});

export const createClient = defineRoute({
  id: 'createClient',
  method: 'post',
  path: '/v1/clients',
  group: 'Clients',
  summary: 'Create a client',
  description: 'Every server knows the key within a second. It is shown in this answer, and never again.',
  access: 'admin',
  body: newClientBody,
  example: { body: { name: 'order-service', apps: ['wx0123456789abcdef'] } },
  answers: [{ status: 201, description: 'The client and its key.', schema: newClient }],
  problems: ['conflict', 'store_unavailable'],
  async handle(services, { body, ...call }) {
    requireAllApps(call.client);
    const { id, made } = await services.manageClients.create(actorOf(call), body);
    return { status: 201, body: { ...(await clientWith(services, id)), key: made.key } };
  },
});

export const changeClient = defineRoute({
  id: 'changeClient',
  method: 'put',
  path: '/v1/clients/{id}',
  group: 'Clients',
  summary: 'Change what a client may do, and until when',
  description: 'What is not named stays. Streams and proxied calls under the old rights end.',
  access: 'admin',
  params: clientPath,
  body: clientChangeBody,
  example: { body: { scopes: ['token:read'] } },
  answers: [{ status: 200, description: 'The client.', schema: registeredClient }],
  problems: WRITE_PROBLEMS,
  async handle(services, { body, params: { id }, ...call }) {
    requireAllApps(call.client);
    await services.manageClients.change(actorOf(call), id, body);
    return { body: await clientWith(services, id) };
  },
});

export const removeClient = defineRoute({
  id: 'removeClient',
  method: 'delete',
  path: '/v1/clients/{id}',
  group: 'Clients',
  summary: 'Remove a client and revoke its keys',
  description: 'Effective on every server within a second; streams and proxied calls end.',
  access: 'admin',
  params: clientPath,
  answers: [{ status: 204, description: 'It is gone.' }],
  problems: WRITE_PROBLEMS,
  async handle({ manageClients }, { params: { id }, ...call }) {
    requireAllApps(call.client);
    await manageClients.remove(actorOf(call), id);
    return { status: 204 };
  },
});

export const createKey = defineRoute({
  id: 'createKey',
  method: 'post',
  path: '/v1/clients/{id}/keys',
  group: 'Clients',
  summary: 'Make a second key, for changing over',
  description: 'Both keys count until one is revoked. A client has two at most.',
  access: 'admin',
  params: clientPath,
  answers: [{ status: 201, description: 'The new key.', schema: newKey }],
  problems: WRITE_PROBLEMS,
  async handle({ manageClients }, { params: { id }, ...call }) {
    requireAllApps(call.client);
    const made = await manageClients.addKey(actorOf(call), id);
    const createdAt = new Date(made.createdAtMs).toISOString();
    return { status: 201, body: { id: made.id, createdAt, key: made.key } };
  },
});

export const revokeKey = defineRoute({
  id: 'revokeKey',
  method: 'delete',
  path: '/v1/clients/{id}/keys/{keyId}',
  group: 'Clients',
  summary: 'Revoke one key',
  description: 'Effective on every server within a second; streams and proxied calls with this key end.',
  access: 'admin',
  params: keyPath,
  answers: [{ status: 204, description: 'It is revoked.' }],
  problems: WRITE_PROBLEMS,
  async handle({ manageClients }, { params: { id, keyId }, ...call }) {
    requireAllApps(call.client);
    await manageClients.revokeKey(actorOf(call), id, keyId);
    return { status: 204 };
  },
});
