const { join } = require('node:path');

exports.zhongkong = { enable: true, path: join(__dirname, '../plugin') };
