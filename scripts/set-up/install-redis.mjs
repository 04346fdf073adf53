import { existsSync } from 'node:fs';
import { givesRight, isOnPath } from './rights.mjs';
import { runStep } from './run-step.mjs';
import { SetUpError } from './set-up-error.mjs';

const WHY = 'the token server keeps its state in Redis';

/** How each package manager is asked; `refresh` comes first when its lists may be old. */
const MANAGERS = [
  {
    command: 'apt-get',
    refresh: ['update', '-qq'],
    install: ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'],
    // The package would start a Redis of its own; ours is a child of the token server.
    env: { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  },
  { command: 'apk', install: ['add', '--quiet', 'redis'] },
  { command: 'dnf', install: ['install', '-y', '-q', 'redis'] },
  { command: 'brew', install: ['install', '--quiet', 'redis'], asUser: true },
];

const SERVICE_OFF = ['disable', '--now', 'redis-server'];

/** Makes sure that there is a redis-server. It installs nothing when one is on the PATH. */
export async function installRedis() {
  if (isOnPath('redis-server') || isOnPath('valkey-server')) return;
  if (process.platform === 'win32') {
    throw new SetUpError(
      'Redis does not run on Windows: set REDIS_URL to a Redis on another machine, or run Zhongkong in WSL or Docker.',
    );
  }
  const manager = MANAGERS.find(({ command }) => isOnPath(command));
  if (manager === undefined) {
    throw new SetUpError(
      'There is no redis-server: install Redis 6.2 or later, or set REDIS_URL to one that runs already.',
    );
  }
  const { install, refresh, env } = manager;
  const prefix = rightsFor(manager);
  const ask = (title, args, command = manager.command) => {
    const [first, ...rest] = [...prefix, command, ...args];
    return runStep({ title, command: first, args: rest, env });
  };
  const title = `installing redis-server with ${manager.command}, once (${WHY})`;
  try {
    await ask(title, install);
  } catch (error) {
    if (refresh === undefined) throw error;
    await ask(`refreshing the package lists of ${manager.command}`, refresh);
    await ask(title, install);
  }
  if (manager.command === 'apt-get' && existsSync('/run/systemd/system')) {
    await ask(
      'turning off the service that came with it; ours is a child of the token server',
      SERVICE_OFF,
      'systemctl',
    );
  }
}

function rightsFor({ command, install, asUser }) {
  if (asUser || process.getuid?.() === 0) return [];
  if (isOnPath('sudo') && givesRight(command)) return ['sudo', '-n'];
  throw new SetUpError(
    `There is no redis-server and no right to install one: run "${command} ${install.join(' ')}" as root, or set REDIS_URL to a Redis that runs already.`,
  );
}
