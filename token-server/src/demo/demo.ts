import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { defaultPolicy } from '@zhongkong/jobs/keeper';
import { sha256Hex } from '@zhongkong/shared';
import { readAdminKey } from '../admin-key.js';
import type { Config } from '../config/config.js';
import type { ServerSettings } from '../config/load-config.js';
import { fileClientId } from '../config/resolve-file.js';
import { readOrCreate } from '../master-key.js';
import { type FolderOwnership, ownFolder } from '../redis/embedded/own-folder.js';
import type { ServerDeps, TokenServer } from '../server.js';
import { startDemoLife } from './demo-life.js';
import { guide } from './guide.js';
import { startSandboxProcess } from './sandbox-process.js';

/** An app that exists in the sandbox only, so its secret need not be kept. */
const DEMO_APP = { appId: 'wx0123456789abcdef', secret: '0123456789abcdef0123456789abcdef' };

type DemoDeps = ServerDeps & {
  readonly workingFolder: string;
  readonly ownership: FolderOwnership;
};

export interface Demo extends TokenServer {
  /** Text for the user: commands to try. */
  readonly guide: string;
}

/** Starts a token server with a sandbox in place of WeChat, one app and one client key. @throws StartError */
export async function startDemo(
  settings: ServerSettings,
  deps: ServerDeps & { readonly workingFolder: string },
): Promise<Demo> {
  const dataDir = resolve(settings.dataDir);
  // Before the sandbox starts: two of them would write the same files.
  const ownership = await ownFolder(dataDir);
  try {
    return await startInFolder(dataDir, settings, { ...deps, ownership });
  } catch (error) {
    ownership.release();
    throw error;
  }
}

async function startInFolder(dataDir: string, settings: ServerSettings, deps: DemoDeps): Promise<Demo> {
  const apiKey = readOrCreate(
    join(dataDir, 'demo.key'),
    () => `demo-${randomBytes(18).toString('base64url')}`,
  );
  // The sandbox starts in its own process while this one loads the server.
  const [sandbox, { startTokenServer }] = await Promise.all([
    startSandboxProcess({
      ...DEMO_APP,
      preferredPort: settings.port === 0 ? 0 : settings.port + 1,
      stateFile: join(dataDir, 'sandbox.json'),
    }),
    import('../server.js'),
  ]);
  try {
    const server = await startTokenServer(demoConfig(settings, sandbox.url, apiKey), deps);
    const { url, networkUrls } = server;
    const adminKey = readAdminKey(dataDir);
    const common = { serverUrl: url, sandboxUrl: sandbox.url, appId: DEMO_APP.appId, apiKey, adminKey };
    const endLife = startDemoLife({ ...common, log: deps.log });
    return {
      url,
      networkUrls,
      reload: () => server.reload(),
      guide: guide({ ...common, networkUrls, folder: deps.workingFolder }),
      async stop(pauses) {
        endLife();
        await server.stop(pauses);
        await sandbox.stop();
        deps.ownership.release();
      },
    };
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

function demoConfig(settings: ServerSettings, sandboxUrl: string, apiKey: string): Config {
  return {
    ...settings,
    wechatApiBaseUrl: sandboxUrl,
    apps: [
      {
        ...DEMO_APP,
        name: 'demo',
        source: 'file',
        policy: defaultPolicy('stable'),
      },
    ],
    policy: {},
    alerts: [],
    clients: [
      {
        id: fileClientId('demo'),
        keyId: `${fileClientId('demo')}-key`,
        source: 'file',
        name: 'demo',
        keySha256: sha256Hex(apiKey),
        apps: [DEMO_APP.appId],
        scopes: ['token:read', 'token:refresh', 'proxy', 'login'],
      },
    ],
  };
}
