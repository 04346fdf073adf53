export { accessTokenOf } from '../keeper/state.js';
export { createCredentialStore } from '../redis/credential-store.js';
export { accessTokenSource } from '../wechat/access-token.js';
