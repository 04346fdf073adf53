export { type GotInstance, withAccessToken } from './got/with-access-token.js';
