import { once } from 'node:events';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { get as getPlain, type IncomingMessage } from 'node:http';
import { Agent, get, type RequestOptions } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@zhongkong/token-server';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { startPlatform } from '../helpers/fixtures.js';
import { makeSelfSigned } from '../helpers/self-signed.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { serverEnvironment, startServer } from '../helpers/test-server.js';

type Line = Record<string, unknown>;

async function start(more: Record<string, string> = {}) {
  const platform = await startPlatform();
  const pair = makeSelfSigned();
  const lines: Line[] = [];
  const environment = { TLS_CERT: pair.certificate, TLS_KEY: pair.key, ...more };
  const server = await startServer({
    platform: platform.url,
    environment,
    onLogLine: (line) => void lines.push(line),
  });
  const port = Number(new URL(server.url).port);
  return { server, port, pair, lines, warnings: () => lines.filter(({ level }) => level === 'warn') };
}

/** A request of its own connection, unless there is an agent. */
async function ask(port: number, options: RequestOptions = {}): Promise<number | undefined> {
  const whole = { port, path: '/healthz', agent: false, rejectUnauthorized: false, ...options };
  const [answer] = (await once(get(whole), 'response')) as [IncomingMessage];
  await once(answer.resume(), 'end');
  return answer.statusCode;
}

/** The fingerprint of the certificate that a new connection is shown. */
async function shownBy(port: number): Promise<string> {
  const socket = connect({ port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

describe('a server with a certificate', () => {
  it('speaks HTTPS by TLS 1.2 and 1.3 only, and says so in its URL', async () => {
    const { server, port, pair, lines } = await start();
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(lines).toContainEqual(expect.objectContaining({ msg: `listening on ${server.url}` }));
    // As a client does that trusts the certificate.
    const trusting = {
      ca: readFileSync(pair.certificate),
      servername: 'localhost',
      rejectUnauthorized: true,
    };
    expect(await ask(port, trusting)).toBe(200);
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const)
      expect(await ask(port, { maxVersion })).toBe(200);
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
    await expect(ask(port, old)).rejects.toThrow();
    await expect(once(getPlain({ port, path: '/healthz' }), 'response')).rejects.toThrow('hang up');
  });

  it('warns at its start when the certificate soon expires', async () => {
    const { warnings } = await start();
    expect(warnings()).toContainEqual(
      expect.objectContaining({
        msg: expect.stringMatching(/^the certificate in .* expires at .*, in 1 days: /),
      }),
    );
  });

  it('takes a new one in place within a second, and connections that are open go on', async () => {
    const { port, pair, lines } = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanUp(() => agent.destroy());
    expect(await ask(port, { agent })).toBe(200);
    const [kept] = Object.values(agent.freeSockets).flat() as TLSSocket[];
    const [before, next] = [await shownBy(port), makeSelfSigned()];
    let isOver = false;
    async function load(): Promise<Set<number | undefined>> {
      const statuses = new Set<number | undefined>();
      while (!isOver) for (const one of [{ agent }, {}]) statuses.add(await ask(port, one));
      return statuses;
    }
    const loads = [load(), load()];
    copyFileSync(next.certificate, pair.certificate);
    copyFileSync(next.key, pair.key);
    await eventually('the new certificate', async () => (await shownBy(port)) !== before);
    isOver = true;
    for (const statuses of await Promise.all(loads)) expect([...statuses]).toEqual([200]);
    expect(lines).toContainEqual(
      expect.objectContaining({
        msg: 'the certificate was replaced; new connections get it',
        validUntil: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      }),
    );
    expect(await ask(port, { agent })).toBe(200);
    expect(Object.values(agent.freeSockets).flat()).toEqual([kept]);
  });

  it('goes on with the old one while the new files do not fit, and reports that once', async () => {
    const { port, pair, warnings } = await start();
    const [before, next] = [await shownBy(port), makeSelfSigned()];
    const reports = () =>
      warnings().filter(({ msg }) => String(msg).includes('cannot be used, the old ones'));
    const [certificate, key] = [readFileSync(next.certificate), readFileSync(next.key)];
    writeFileSync(pair.certificate, certificate.subarray(0, 300));
    await eventually('the report of half a file', () => reports().length === 1);
    expect(reports()[0]?.msg).toMatch(/TLS_CERT: the file .* holds no certificate/);
    writeFileSync(pair.certificate, certificate);
    await eventually('the report of a pair that does not match', () => reports().length === 2);
    expect(reports()[1]?.msg).toMatch(/TLS_KEY: the key in .* does not belong to the certificate/);
    expect(await shownBy(port)).toBe(before);
    writeFileSync(pair.key, key);
    await eventually('the new certificate', async () => (await shownBy(port)) !== before);
    expect(reports()).toHaveLength(2);
  });

  it('stops although a client has begun no handshake', async () => {
    const { server, port } = await start();
    const socket = connectPlain(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await server.stop();
    await closed;
  });
});

describe('the configuration', () => {
  it('names every file that is at fault, and warns of a key that others may read', () => {
    const { key, certificate } = makeSelfSigned();
    const environment = serverEnvironment({ platform: 'http://127.0.0.1:9' });
    const load = (more: Record<string, string>) => loadConfig({ ...environment, ...more }, tempFolder());
    expect(() => load({ TLS_CERT: certificate, TLS_KEY: 'nowhere', PORT: 'many' })).toThrow(
      /2 faults.*\n.*PORT \(environment\).*\n.*TLS_KEY \(environment\): the file .*nowhere cannot be read/,
    );
    expect(() => load({ TLS_CLIENT_CA: certificate })).toThrow(
      /TLS_CLIENT_CA \(environment\): needs TLS_CERT/,
    );
    const warningsWith = (mode: number) => {
      chmodSync(key, mode);
      const loaded = load({ TLS_CERT: certificate, TLS_KEY: key });
      return loaded.is === 'serve' ? loaded.config.warnings : [];
    };
    expect(warningsWith(0o600)).toEqual([]);
    expect(warningsWith(0o644)).toEqual([expect.stringContaining(`chmod 600 ${key}`)]);
  });
});

describe('a server that wants client certificates', () => {
  it('serves clients with one of its authority, and disconnects all others before they can ask', async () => {
    const [friend, stranger] = [makeSelfSigned(), makeSelfSigned()];
    const { port } = await start({ TLS_CLIENT_CA: friend.certificate });
    const pairOf = ({ key, certificate }: typeof friend) => ({
      key: readFileSync(key),
      cert: readFileSync(certificate),
    });
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      expect(await ask(port, { maxVersion, ...pairOf(friend) })).toBe(200);
      await expect(ask(port, { maxVersion })).rejects.toThrow();
      await expect(ask(port, { maxVersion, ...pairOf(stranger) })).rejects.toThrow();
    }
  });

  it('takes a new authority in place, which the next handshakes are judged by', async () => {
    const [friend, other] = [makeSelfSigned(), makeSelfSigned()];
    const authority = makeSelfSigned().certificate;
    copyFileSync(friend.certificate, authority);
    const { port } = await start({ TLS_CLIENT_CA: authority });
    const of = ({ key, certificate }: typeof friend) => ({
      key: readFileSync(key),
      cert: readFileSync(certificate),
    });
    expect(await ask(port, of(friend))).toBe(200);
    copyFileSync(other.certificate, authority);
    await eventually('the new authority', () => ask(port, of(other)).then(Boolean, () => false));
    await expect(ask(port, of(friend))).rejects.toThrow();
  });
});
