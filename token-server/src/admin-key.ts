import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { sha256Hex } from '@zhongkong/shared';
import type { ClientSettings, Config } from './config/config.js';
import { SCOPES } from './config/config-file-schema.js';
import { fileClientId } from './config/resolve-file.js';
import { openSecretFile } from './config/secrets/secret-file.js';
import { readOrCreate } from './master-key.js';

/** The file, and the client's name. */
const ADMIN_KEY_FILE = 'admin.key';

/** The configuration with the client of the data folder's key. @throws StartError */
export function addAdminClient(config: Config): Config {
  return { ...config, clients: [...config.clients, adminClientOf(config.dataDir)] };
}

/** The key that the operator of an embedded server signs in with. @throws StartError */
export function readAdminKey(dataDir: string): string {
  const path = join(dataDir, ADMIN_KEY_FILE);
  return readOrCreate(path, () => `zk_${randomBytes(40).toString('base64url')}`.slice(0, 40));
}

/**
 * The client of the operator on the machine of an embedded server: its key lies in the data folder, readable by the user
 * of the server alone. The first start makes it; a replaced one counts within a second. @throws StartError
 */
function adminClientOf(dataDir: string): ClientSettings {
  const path = join(dataDir, ADMIN_KEY_FILE);
  readAdminKey(dataDir);
  const file = openSecretFile(path);
  const id = fileClientId(ADMIN_KEY_FILE);
  return {
    id,
    keyId: `${id}-key`,
    source: 'file',
    name: ADMIN_KEY_FILE,
    apps: ['*'],
    scopes: SCOPES,
    get keySha256() {
      return sha256Hex(file.read());
    },
  };
}
