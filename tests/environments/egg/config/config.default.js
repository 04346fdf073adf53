exports.keys = 'only for this test';
exports.zhongkong = { appId: 'wx', tokenServer: { url: process.env.TOKEN_SERVER, apiKey: 'k' } };
