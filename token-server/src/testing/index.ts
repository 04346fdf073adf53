/** What tests need besides the front door. Not for users: it may change in any version. */
export { startAlerts } from '../alerts/alerts.js';
export { createProgram } from '../cli/program.js';
export { runProgram } from '../cli/run-program.js';
export { watchEndings } from '../clients/warn-of-endings.js';
export { DROP_IN_EXPIRES_IN_SECONDS } from '../config/config.js';
export {
  alertSchema,
  appSchema,
  clientSchema,
  configFileSchema,
  policySchema,
} from '../config/config-file-schema.js';
export { environmentSchema } from '../config/environment.js';
export { checksTable } from '../doctor/doctor-page.js';
export { examineHere } from '../doctor/local-doctor.js';
export { createEventHub, HEARTBEAT_MS, STREAMS_MAX, STREAMS_PER_CLIENT_MAX } from '../events/event-hub.js';
export { BUFFER_MAX_BYTES } from '../events/event-stream.js';
export { ERROR_LINES_PER_SECOND } from '../http/access-log.js';
export * from '../http/limits.js';
export { listen } from '../http/listen.js';
export { masterKeyOf, writeMasterKeys } from '../master-key.js';
export { metricsTables } from '../metrics/metrics-page.js';
export { methodsInDoc, pathInDoc } from '../openapi/document-paths.js';
export { openApiDocument } from '../openapi/openapi-document.js';
export type { OpenApiDocument, RouteDoc } from '../openapi/openapi-types.js';
export { createWechatPool } from '../proxy/wechat-pool.js';
export { type RotationEffects, rotateMasterKey } from '../rotate-master-key.js';
export { ROUTES } from '../routes/routes.js';
