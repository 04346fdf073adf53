export * from './access-token.js';
export * from './app-status.js';
export * from './problem.js';
export * from './ticket.js';
