import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from './eventually.js';
import { type RedisNode, startRedisNode } from './redis-node.js';

const run = promisify(execFile);
const DATA = ['appendonly yes', 'save ""'];

/** A Redis of several processes. */
export interface LargeRedis {
  /** For REDIS_URL. */
  readonly url: string;
  /** Kills the master that has our keys; another takes over. */
  killMaster(): Promise<void>;
}

const MASTER_NAME = 'zhongkong';

/** A master and a replica, watched by three sentinels. */
export async function startSentinels(): Promise<LargeRedis> {
  const master = await startRedisNode(DATA);
  await startRedisNode([...DATA, `replicaof 127.0.0.1 ${master.port}`]);
  const watch = [
    `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${master.port} 2`,
    `sentinel down-after-milliseconds ${MASTER_NAME} 500`,
    `sentinel failover-timeout ${MASTER_NAME} 2000`,
  ];
  const sentinels: RedisNode[] = [];
  for (let count = 0; count < 3; count += 1) sentinels.push(await startRedisNode(watch, ['--sentinel']));
  for (const { port } of sentinels) {
    await eventually('a sentinel that knows the replica and the others', async () => {
      const text = await ask(port, ['sentinel', 'master', MASTER_NAME]);
      return /num-slaves\n1\n/.test(text) && /num-other-sentinels\n2\n/.test(text);
    });
  }
  const url = `redis+sentinel://${sentinels.map(({ address }) => address).join(',')}/${MASTER_NAME}`;
  return { url, killMaster: () => master.kill() };
}

/** Three masters, each with a replica. */
export async function startCluster(): Promise<LargeRedis> {
  const settings = [...DATA, 'cluster-enabled yes', 'cluster-node-timeout 1000'];
  const nodes = await Promise.all(Array.from({ length: 6 }, () => startRedisNode(settings)));
  await Promise.all(
    nodes.map(({ port }) => eventually('a node', async () => (await ask(port, ['ping'])) === 'PONG\n')),
  );
  const addresses = nodes.map(({ address }) => address);
  await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes']);
  for (const { port } of nodes) {
    await eventually('a node that has joined, and its replica with it', async () => {
      const joined = (await ask(port, ['cluster', 'info'])).includes('cluster_state:ok');
      const replication = await ask(port, ['info', 'replication']);
      return joined && /connected_slaves:1|master_link_status:up/.test(replication);
    });
  }
  return {
    url: `redis+cluster://${addresses.slice(0, 3).join(',')}`,
    async killMaster() {
      const owners = await Promise.all(
        nodes.map(async (node) => ({
          node,
          keys: await ask(node.port, ['keys', '*:data']),
          role: await ask(node.port, ['role']),
        })),
      );
      await owners.find(({ keys, role }) => keys.trim() !== '' && role.startsWith('master'))?.node.kill();
    },
  };
}

async function ask(port: number, command: string[]): Promise<string> {
  const { stdout } = await run('redis-cli', ['-p', String(port), ...command]).catch(() => ({ stdout: '' }));
  return stdout;
}
