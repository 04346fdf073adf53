export { accessTokenOf } from '../keeper/state.js';
export { createCredentialStore } from '../redis/credential-store.js';
export { createKeys } from '../redis/keys.js';
export { decodeState, encodeState } from '../redis/state-codec.js';
export { accessTokenSource } from '../wechat/access-token.js';
