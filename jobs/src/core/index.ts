export * from './credential.js';
export * from './keeper-event.js';
export * from './keeper-state.js';
export * from './policy.js';
export * from './refresh-reason.js';
export * from './step.js';
