// Three token servers on one machine, on the ports 7200 to 7202: pm2 start deploy/pm2/ecosystem.config.cjs
// They share the Redis of REDIS_URL_FILE. For a single server with a Redis of its own: `instances: 1`, without the two
// variables that end in _FILE.
const { join } = require('node:path');

module.exports = {
  apps: [
    {
      name: 'zhongkong',
      cwd: '/etc/zhongkong',
      script: join(__dirname, '..', '..', 'token-server', 'bin', 'zhongkong.js'),
      args: 'serve',
      // Not `cluster`: each server is a process with a port of its own, behind nginx or in the SDK's list of servers.
      exec_mode: 'fork',
      instances: 3,
      increment_var: 'PORT',
      env: {
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: 7200,
        ZHONGKONG_CONFIG: '/etc/zhongkong/zhongkong.config.json',
        REDIS_URL_FILE: '/etc/zhongkong/redis.url',
        ZHONGKONG_MASTER_KEY_FILE: '/etc/zhongkong/master.key',
        LOG_LEVEL: 'info',
      },
      // A server ends in less than 25 seconds.
      kill_timeout: 30000,
      // 2: the configuration is wrong, which only a person can mend.
      stop_exit_codes: [2],
      exp_backoff_restart_delay: 100,
    },
  ],
};
