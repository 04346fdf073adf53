export type { Config } from './config/config.js';
export { ConfigError, type ConfigFault } from './config/config-error.js';
export {
  appSchema,
  clientSchema,
  configFileSchema,
  policySchema,
} from './config/config-file-schema.js';
export { environmentSchema } from './config/environment.js';
export { type Intention, loadConfig } from './config/load-config.js';
export { createEventHub, HEARTBEAT_MS, STREAMS_PER_CLIENT_MAX } from './events/event-hub.js';
export { createApp } from './http/app.js';
export { createLogger, type Logger } from './logger.js';
export { startTokenServer, type TokenServer } from './server.js';
export { StartError } from './start-error.js';
