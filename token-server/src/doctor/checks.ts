import type { Bilingual } from '@zhongkong/shared';

interface Check {
  readonly title: Bilingual;
  /** Why a fault here matters. */
  readonly why: Bilingual;
  /** What to do in general; a finding may say it more exactly. */
  readonly todo: Bilingual;
}

/** Everything that the doctor looks at, in the order in which it is shown: docs/doctor.md is made from it. */
export const CHECKS = {
  server: {
    title: { en: 'the server', zh: '服务器' },
    why: {
      en: 'A server that is not ready gets no requests from a load balancer, and has no living token to give out.',
      zh: '未就绪的服务器不会收到负载均衡的请求，也没有可用的 token 可以提供。',
    },
    todo: {
      en: 'See the other findings and the log of the server; restart it if it does not answer at all.',
      zh: '查看其他检查结果和服务器日志；如果完全没有响应，请重启。',
    },
  },
  configuration: {
    title: { en: 'the configuration', zh: '配置' },
    why: {
      en: 'A server does not start with a wrong configuration, and a server that runs does not take it over.',
      zh: '配置有误时服务器无法启动，正在运行的服务器也不会采用它。',
    },
    todo: {
      en: 'Correct what is listed; docs/configuration.md has every key.',
      zh: '请按列出的内容修正；所有配置项见 docs/configuration.md。',
    },
  },
  'file-modes': {
    title: { en: 'the modes of files with secrets', zh: '机密文件的权限' },
    why: {
      en: 'Every user and every program of this machine can read or replace AppSecrets and keys.',
      zh: '本机的任何用户和程序都能读取或替换 AppSecret 和密钥。',
    },
    todo: {
      en: 'Take the rights away from others; in Kubernetes, set defaultMode: 0400 on the volume.',
      zh: '请收回其他用户的权限；在 Kubernetes 中把卷的 defaultMode 设为 0400。',
    },
  },
  'data-folder': {
    title: { en: 'the data folder', zh: '数据目录' },
    why: {
      en: 'The server keeps its own Redis and its keys there, and does not start without it.',
      zh: '服务器自带的 Redis 和密钥都存放在这里，没有它就无法启动。',
    },
    todo: {
      en: 'Give the folder to the user that runs the server, or choose another with DATA_DIR.',
      zh: '请把该目录交给运行服务器的用户，或用 DATA_DIR 指定其他目录。',
    },
  },
  port: {
    title: { en: 'the address to listen on', zh: '监听地址' },
    why: {
      en: 'The server cannot start while another program listens there, or the address is not one of this machine.',
      zh: '如果该地址已被其他程序占用，或不属于本机，服务器就无法启动。',
    },
    todo: {
      en: 'Stop the other program, or choose another address with PORT and HOST.',
      zh: '请停止占用的程序，或用 PORT 和 HOST 指定其他地址。',
    },
  },
  'redis-reachable': {
    title: { en: 'Redis is there', zh: 'Redis 可连接' },
    why: {
      en: 'Without Redis a server does not start; one that runs goes on from memory, but servers cannot agree on who refreshes.',
      zh: '没有 Redis 服务器无法启动；运行中的服务器会靠内存继续工作，但多台服务器之间无法协调由谁刷新。',
    },
    todo: { en: 'Start Redis, or correct REDIS_URL.', zh: '请启动 Redis，或修正 REDIS_URL。' },
  },
  'redis-version': {
    title: { en: 'the version of Redis', zh: 'Redis 版本' },
    why: {
      en: 'Older versions lack commands that the server needs, so it does not start.',
      zh: '旧版本缺少服务器需要的命令，服务器无法启动。',
    },
    todo: { en: 'Install Redis 6.2 or later.', zh: '请安装 Redis 6.2 或更新的版本。' },
  },
  'redis-writable': {
    title: { en: 'Redis accepts writes', zh: 'Redis 可写入' },
    why: {
      en: 'A refresh is stored before it begins: without writes nothing is refreshed by more than one server.',
      zh: '每次刷新都要先写入记录；无法写入时，多台服务器就不能刷新 token。',
    },
    todo: { en: 'Let Redis accept writes again.', zh: '请让 Redis 恢复写入。' },
  },
  'redis-rights': {
    title: { en: 'the rights in Redis', zh: 'Redis 权限' },
    why: {
      en: 'The server tries every command that it needs before it listens, and does not start without one of them.',
      zh: '服务器在监听之前会试用所需的每条命令，缺少任何一条都无法启动。',
    },
    todo: {
      en: 'Give the user the rights that docs/configuration.md lists under "Rights in Redis".',
      zh: '请按 docs/configuration.md 的“Rights in Redis”一节为该用户授权。',
    },
  },
  'redis-eviction': {
    title: { en: 'Redis evicts nothing', zh: 'Redis 不淘汰数据' },
    why: {
      en: 'A full Redis would throw away tokens, apps, client keys, leases and jobs: tokens die, and two servers refresh at once.',
      zh: '内存写满时 Redis 会淘汰 token、应用、客户端密钥、租约和任务：token 会失效，两台服务器可能同时刷新。',
    },
    todo: {
      en: 'Set maxmemory-policy noeviction: redis-cli CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.',
      zh: '请设置 maxmemory-policy noeviction：redis-cli CONFIG SET maxmemory-policy noeviction，并写入 redis.conf。',
    },
  },
  'redis-persistence': {
    title: { en: 'Redis keeps its data', zh: 'Redis 持久化' },
    why: {
      en: 'After a restart of Redis the apps, clients and keys that were made through the API, the budgets of the day and the audit are gone.',
      zh: 'Redis 重启后，通过 API 创建的应用、客户端和密钥、当日额度以及审计记录都会丢失。',
    },
    todo: {
      en: 'Set appendonly yes: redis-cli CONFIG SET appendonly yes, and the same in redis.conf.',
      zh: '请设置 appendonly yes：redis-cli CONFIG SET appendonly yes，并写入 redis.conf。',
    },
  },
  'master-key': {
    title: { en: 'the master key', zh: '主密钥' },
    why: {
      en: 'A server without the key that sealed the data does not start.',
      zh: '没有加密数据所用的主密钥，服务器无法启动。',
    },
    todo: {
      en: 'Give the key of the other servers in ZHONGKONG_MASTER_KEY, or restore DATA_DIR/master.key from the backup.',
      zh: '请在 ZHONGKONG_MASTER_KEY 中填写其他服务器使用的密钥，或从备份恢复 DATA_DIR/master.key。',
    },
  },
  'unreadable-state': {
    title: { en: 'what Redis holds can be read', zh: 'Redis 中的数据可解密' },
    why: {
      en: 'An app or a client that cannot be opened is lost; a token that cannot be opened is fetched anew.',
      zh: '无法解密的应用或客户端等于丢失；无法解密的 token 会重新获取。',
    },
    todo: {
      en: 'Give the missing key as second one (ZHONGKONG_MASTER_KEY=new,old) and run zhongkong master-key rotate; if it is lost, add what it sealed again.',
      zh: '请把缺失的密钥作为第二个密钥提供（ZHONGKONG_MASTER_KEY=新,旧），然后执行 zhongkong master-key rotate；如果密钥已丢失，请重新添加它加密的内容。',
    },
  },
  'version-skew': {
    title: { en: 'all servers have one version', zh: '各服务器版本一致' },
    why: {
      en: 'Servers of different versions are for the minutes of an upgrade; an older one may not know what a newer one has stored.',
      zh: '不同版本只应在升级的几分钟内并存；旧版本可能不认识新版本写入的内容。',
    },
    todo: { en: 'Finish the upgrade.', zh: '请完成升级。' },
  },
  'clock-redis': {
    title: { en: 'the clock, compared with Redis', zh: '时钟（与 Redis 比较）' },
    why: {
      en: 'Servers agree on when a token ends by the clock of Redis; one that differs makes logs, audit and budgets of the day wrong.',
      zh: '各服务器以 Redis 的时钟判断 token 何时过期；时钟不一致会使日志、审计和当日额度出错。',
    },
    todo: {
      en: 'Have both machines set their clocks by NTP (timedatectl set-ntp true).',
      zh: '请让两台机器都通过 NTP 校时（timedatectl set-ntp true）。',
    },
  },
  'clock-wechat': {
    title: { en: 'the clock, compared with WeChat', zh: '时钟（与微信比较）' },
    why: {
      en: 'A clock that is far off has certificates refused, and budgets of the day begin at the wrong hour.',
      zh: '时钟偏差过大时 HTTPS 证书会校验失败，当日额度也会在错误的时刻清零。',
    },
    todo: {
      en: 'Have this machine set its clock by NTP (timedatectl set-ntp true).',
      zh: '请让本机通过 NTP 校时（timedatectl set-ntp true）。',
    },
  },
  'wechat-reachable': {
    title: { en: 'WeChat is there', zh: '微信可连接' },
    why: {
      en: 'No token can be fetched; what is known lives for two hours at most.',
      zh: '无法获取 token；已有的 token 最多再用两小时。',
    },
    todo: {
      en: 'Open the way out to WeChat in the firewall, or correct HTTPS_PROXY, NO_PROXY and WECHAT_API_BASE_URL.',
      zh: '请在防火墙中放行到微信的出口，或修正 HTTPS_PROXY、NO_PROXY 和 WECHAT_API_BASE_URL。',
    },
  },
  'ip-family': {
    title: { en: 'IPv4 or IPv6 to WeChat', zh: '到微信的 IPv4/IPv6' },
    why: {
      en: 'The whitelist of WeChat compares the address that it sees: with two families it sees now one, now the other.',
      zh: '微信按它看到的 IP 核对白名单；双栈出口时看到的可能是 IPv4，也可能是 IPv6。',
    },
    todo: {
      en: 'Put the addresses of both families on the whitelist, or let the server go out over one only.',
      zh: '请把两种地址都加入白名单，或让服务器只从其中一种出口。',
    },
  },
  'app-secret': {
    title: { en: 'app ids and AppSecrets', zh: 'AppID 与 AppSecret' },
    why: {
      en: 'The token of the app ends at its time, and no new one can be fetched.',
      zh: '该应用当前的 token 到期后无法再获取新的。',
    },
    todo: {
      en: 'Copy the AppSecret again from the WeChat console, then: zhongkong apps set APPID --secret (or in the configuration file, then zhongkong reload).',
      zh: '请到微信后台重新复制 AppSecret，然后执行 zhongkong apps set APPID --secret（应用在配置文件中时请修改文件，再执行 zhongkong reload）。',
    },
  },
  whitelist: {
    title: { en: 'the IP whitelist', zh: 'IP 白名单' },
    why: {
      en: 'WeChat gives out tokens to the addresses on the list of the app only.',
      zh: '微信只向该应用白名单中的 IP 签发 token。',
    },
    todo: {
      en: 'Enter the address at mp.weixin.qq.com, one a line. Official account: 设置与开发 → 开发接口管理 → IP白名单. Mini program: 管理 → 开发管理 → 开发设置 → IP白名单. It counts after some minutes.',
      zh: '请登录 mp.weixin.qq.com 填写该 IP，每行一个。公众号：设置与开发 → 开发接口管理 → IP白名单；小程序：管理 → 开发管理 → 开发设置 → IP白名单。几分钟后生效。',
    },
  },
  'app-refused': {
    title: { en: 'WeChat serves the apps', zh: '微信接受各应用的请求' },
    why: {
      en: 'The token of the app ends at its time, and no new one can be fetched.',
      zh: '该应用当前的 token 到期后无法再获取新的。',
    },
    todo: {
      en: 'See the notices in the WeChat console.',
      zh: '请查看微信后台的通知。',
    },
  },
  conflict: {
    title: { en: 'nobody else refreshes', zh: '没有其他程序刷新' },
    why: {
      en: 'Each fetch by the other program ends the token of everybody who uses this server.',
      zh: '其他程序每获取一次，本服务提供给所有业务的 token 就会失效。',
    },
    todo: {
      en: 'Give that program a client key of this server (docs/drop-in.md), or use stable mode in both; if nobody knows which it is, reset the AppSecret.',
      zh: '请让该程序改用本服务的客户端密钥（docs/drop-in.md），或双方都使用 stable 模式；如果找不到是哪个程序，请重置 AppSecret。',
    },
  },
  budget: {
    title: { en: 'the budgets of the day', zh: '当日额度' },
    why: {
      en: 'When the budget is used up, dead tokens are not replaced until midnight in Shanghai.',
      zh: '额度用完后，失效的 token 要到北京时间零点才能更换。',
    },
    todo: {
      en: 'See which client causes the fetches: zhongkong history APPID.',
      zh: '请查看是哪个客户端引起的：zhongkong history APPID。',
    },
  },
} as const satisfies Record<string, Check>;

export type CheckId = keyof typeof CHECKS;
