export type { Config } from './config/config.js';
export { ConfigError, type ConfigFault } from './config/config-error.js';
export { loadConfig, type StartMode } from './config/load-config.js';
export { createLogger, type Logger } from './logger.js';
export { type ServerDeps, startTokenServer, type TokenServer } from './server.js';
export { StartError } from './start-error.js';
