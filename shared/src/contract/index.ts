export * from './access-token.js';
export * from './app-status.js';
export { CHECK_TEXTS } from './check-texts.js';
export * from './code-to-session.js';
export * from './events.js';
export * from './health.js';
export * from './problem.js';
export * from './registry.js';
export * from './ticket.js';
