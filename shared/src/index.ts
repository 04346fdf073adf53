export * from './clock.js';
export * from './errors/problem-codes.js';
export * from './fingerprint.js';
export * from './token/lifetime.js';
export * from './wechat/classify-fault.js';
export * from './wechat/fault-table.js';
export * from './wechat/parse-fault.js';
export * from './wechat/shanghai-day.js';
