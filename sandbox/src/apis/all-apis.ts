import type { Api } from './api.js';
import { getAccessToken, getStableAccessToken } from './token-apis.js';

/** Every API of the sandbox by its path. Paths are case-sensitive, as the platform's are. */
export const allApis: ReadonlyMap<string, Api> = new Map(
  [getAccessToken, getStableAccessToken].map((api) => [api.path, api]),
);
