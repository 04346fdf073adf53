export { type Config, DROP_IN_EXPIRES_IN_SECONDS } from './config/config.js';
export { ConfigError, type ConfigFault } from './config/config-error.js';
export {
  appSchema,
  clientSchema,
  configFileSchema,
  policySchema,
} from './config/config-file-schema.js';
export { environmentSchema } from './config/environment.js';
export { loadConfig, type StartMode } from './config/load-config.js';
export { createEventHub, HEARTBEAT_MS, STREAMS_MAX, STREAMS_PER_CLIENT_MAX } from './events/event-hub.js';
export { BUFFER_MAX_BYTES } from './events/event-stream.js';
export { createApp } from './http/app.js';
export { createLogger, type Logger } from './logger.js';
export { openApiDocument } from './openapi/openapi-document.js';
export type { OpenApiDocument } from './openapi/openapi-types.js';
export type { RouteDoc } from './openapi/route-doc.js';
export { ROUTES } from './openapi/routes/routes.js';
export { startTokenServer, type TokenServer } from './server.js';
export { StartError } from './start-error.js';
