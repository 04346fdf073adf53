import { once } from 'node:events';
import { connect, type LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { runScript } from './child-script.js';
import { cleanUp } from './clean-up.js';

const LISTENER = `
  import { createServer } from 'node:http';
  const server = createServer((request, response) => response.end('{"ip_list":["127.0.0.1"]}'));
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => console.log(server.address().port));
`;
/** More than its queue of new connections holds. */
const CONNECTIONS = 4;
/** Longer than Node gives one address, and shorter than the second after which the system tries to connect again. */
const DEAF_MS = 600;

/**
 * A WeChat that connects only after a second: until then the queue for new connections is full, and the system's first
 * request to connect is lost. @returns its port
 */
export async function startSlowListener(): Promise<string> {
  const listener = runScript(LISTENER);
  const port = await listener.nextLine();
  listener.process.kill('SIGSTOP');
  const fillers = Array.from({ length: CONNECTIONS }, () =>
    connect(Number(port), '127.0.0.1').on('error', () => {}),
  );
  cleanUp(() => {
    for (const filler of fillers) filler.destroy();
  });
  await once(fillers[0] as (typeof fillers)[number], 'connect');
  void sleep(DEAF_MS).then(() => listener.process.kill('SIGCONT'));
  return port;
}

/** A name with two addresses: one that connects slowly, and one where nobody listens. */
export const slowThenNobody: LookupFunction = (_hostname, _options, callback) =>
  callback(null, [
    { address: '127.0.0.1', family: 4 },
    { address: '127.0.0.2', family: 4 },
  ]);
