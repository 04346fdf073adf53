export * from './access-token.js';
export * from './problem.js';
