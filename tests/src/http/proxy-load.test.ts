import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { cleanUp } from '../helpers/clean-up.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { startRawUpstream } from '../helpers/raw-upstream.js';
import { spawnServer } from '../helpers/server-process.js';
import { CLIENTS } from '../helpers/test-server.js';

const KEY = 'the-key-of-the-caller';
const config = { clients: [...CLIENTS, { name: 'caller', key: KEY, apps: [APP.appId], scopes: ['proxy'] }] };
const authorization = `Bearer ${KEY}`;
const MIB = 1024 * 1024;

/** The most memory that a process has ever had, in MiB. */
function peakMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

function megabytes(count: number): Readable {
  const chunk = Buffer.alloc(MIB / 4, 'x');
  return Readable.from(Array.from({ length: 4 * count }, () => chunk));
}

/** Takes its time every few megabytes. @returns how many bytes came */
async function slowDownload(url: string): Promise<number> {
  const sent = httpRequest(url, { headers: { authorization } }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes % (2 * MIB) < chunk.length) await sleep(50);
  }
  return bytes;
}

async function start(platform: string) {
  const server = spawnServer({ platform, config });
  const url = `${await server.ready}/proxy/${APP.appId}`;
  await (await fetch(`${url}/cgi-bin/getcallbackip`, { headers: { authorization } })).text();
  return { url, pid: server.pid };
}

describe('the proxy', () => {
  it('heals a storm of 1,000 calls with one fetch, and none of them fails', async () => {
    const platform = await startPlatform();
    const { url, pid } = await start(platform.url);
    platform.control.revoke({ appId: APP.appId });
    const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
    cleanUp(() => agent.destroy());
    const startedAt = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        const sent = httpRequest(`${url}/cgi-bin/getcallbackip`, { agent, headers: { authorization } }).end();
        const [answer] = (await once(sent, 'response')) as [IncomingMessage];
        const chunks: Buffer[] = await answer.toArray();
        return JSON.parse(Buffer.concat(chunks).toString());
      }),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(
      `1,000 calls with a dead token: ${seconds.toFixed(1)} s, peak ${peakMiB(pid).toFixed(0)} MiB`,
    );
    expect(answers.filter(({ ip_list: list }) => !Array.isArray(list))).toEqual([]);
    expect(platform.control.counters(APP.appId).tokensIssued.stable).toBe(2);
  });

  it('streams four downloads of 50 MiB at a time, and an upload of 20 MiB, in bounded memory, whichever side is slow', async () => {
    let received = 0;
    const upstream = await startRawUpstream(async (request, response) => {
      if (request.method === 'GET') {
        if (request.url?.startsWith('/cgi-bin/getcallbackip')) return response.end('{}');
        response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 50 * MIB });
        return megabytes(50).pipe(response);
      }
      for await (const chunk of request) {
        received += chunk.length;
        if (received % (4 * MIB) < chunk.length) await sleep(20);
      }
      return response.end('{"errcode":0}');
    });
    const { url, pid } = await start(upstream.url);
    const before = peakMiB(pid);

    const bytes = await Promise.all(
      Array.from({ length: 4 }, () => slowDownload(`${url}/cgi-bin/media/get`)),
    );
    expect(bytes).toEqual(Array.from({ length: 4 }, () => 50 * MIB));
    const afterDownload = peakMiB(pid);

    const upload = httpRequest(`${url}/cgi-bin/media/upload`, {
      method: 'POST',
      headers: { authorization, 'content-length': 20 * MIB },
    });
    megabytes(20).pipe(upload);
    const [uploaded] = (await once(upload, 'response')) as [IncomingMessage];
    expect(uploaded.statusCode).toBe(200);
    expect(received).toBe(20 * MIB);
    const grown = [afterDownload - before, peakMiB(pid) - afterDownload];
    console.log(
      `memory: ${before.toFixed(0)} MiB, four downloads of 50 MiB +${grown[0]?.toFixed(0)}, upload of 20 MiB +${grown[1]?.toFixed(0)}`,
    );
    // What Node has not cleared away yet counts as well; a server that held the answers would need 200.
    expect(grown[0]).toBeLessThan(110);
    // The first 10 MiB of an upload are kept, in case it has to be repeated.
    expect(grown[1]).toBeLessThan(40);
  });
});
