/** The rules without the engine: for callers that must not load Redis and BullMQ, as the command line does. */
export { defaultPolicy, type FetchMode, type RefreshPolicy } from './policy.js';
