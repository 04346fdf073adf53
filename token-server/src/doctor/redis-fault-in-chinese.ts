import type { RedisFault } from '../redis/redis-fault.js';

/** The texts of `redis/redis-fault.ts`, which the log has in English only. */
const TEXTS: Readonly<Record<string, string>> = {
  'it is not a sentinel': '它不是哨兵（sentinel）',
  'give the addresses of the sentinels, or write redis:// for a single Redis':
    '填写哨兵的地址，或用 redis:// 表示单个 Redis',
  'the sentinels want a password': '哨兵要求密码',
  'add ?sentinelPassword=… (and &sentinelUsername=…) to REDIS_URL':
    '在 REDIS_URL 后加上 ?sentinelPassword=…（以及 &sentinelUsername=…）',
  'the sentinels refuse the user or the password': '哨兵拒绝该用户名或密码',
  'correct sentinelUsername and sentinelPassword in REDIS_URL':
    '修正 REDIS_URL 中的 sentinelUsername 和 sentinelPassword',
  'the sentinels know no master of this name': '哨兵不认识这个名字的主节点',
  'correct the name in REDIS_URL': '修正 REDIS_URL 中的名称',
  'the certificate of the sentinels cannot be verified': '哨兵的证书无法验证',
  'name the file with the certificate of their authority in NODE_EXTRA_CA_CERTS':
    '在 NODE_EXTRA_CA_CERTS 中指定签发机构的证书文件',
  'no sentinel can be reached': '所有哨兵都连不上',
  'start them, or correct REDIS_URL': '启动它们，或修正 REDIS_URL',
  'it is a read-only replica': '它是只读副本',
  'point REDIS_URL at the master, or at the sentinels': '把 REDIS_URL 指向主节点或哨兵',
  'it has too few replicas to accept writes': '副本数量不足，不接受写入',
  'start its replicas, or lower min-replicas-to-write': '启动副本，或调低 min-replicas-to-write',
  'its memory is full': '内存已满',
  'raise maxmemory in Redis, or free memory there': '调大 Redis 的 maxmemory，或释放其内存',
  'it cannot write to its disk': '无法写入磁盘',
  'free space on the disk of Redis, and read its log': '为 Redis 所在磁盘腾出空间，并查看它的日志',
  'it wants a password': '它要求密码',
  'put user and password into REDIS_URL: redis://user:password@host:port':
    '在 REDIS_URL 中写上用户名和密码：redis://user:password@host:port',
  'it refuses the user or the password': '它拒绝该用户名或密码',
  'correct them in REDIS_URL': '在 REDIS_URL 中修正',
  'the user lacks rights in it': '该用户权限不足',
  'give the user the rights that docs/configuration.md lists under "Rights in Redis"':
    '按 docs/configuration.md 的“Rights in Redis”一节为该用户授权',
  'the cluster has no master for a part of its keys': '集群有一部分槽没有主节点',
  'start the missing nodes, and look at CLUSTER INFO': '启动缺少的节点，并查看 CLUSTER INFO',
  'it is a node of a cluster': '它是集群中的一个节点',
  'write redis+cluster:// in REDIS_URL': '在 REDIS_URL 中使用 redis+cluster://',
  'it is not a cluster': '它不是集群',
  'write redis:// in REDIS_URL': '在 REDIS_URL 中使用 redis://',
  'it has no database of this number': '没有这个编号的数据库',
  'correct the number in REDIS_URL': '修正 REDIS_URL 中的编号',
  'it runs in protected mode': '它处于保护模式',
  'give it a password, or a bind address': '为它设置密码或 bind 地址',
  'it takes no more connections': '连接数已达上限',
  'raise maxclients in Redis': '调大 Redis 的 maxclients',
  'it is too old': '版本太旧',
  'install Redis 6.2 or later': '安装 Redis 6.2 或更新的版本',
  'it does not know a command that the server needs': '它不支持服务器需要的命令',
  'use Redis 6.2 or later, and rename no commands': '使用 Redis 6.2 或更新的版本，不要重命名命令',
  'it is still loading its data': '它还在加载数据',
  'wait until it has loaded them': '等待加载完成',
  'the program at this address is not Redis': '该地址上的程序不是 Redis',
  'correct REDIS_URL': '修正 REDIS_URL',
  'the program at this address does not speak TLS, which rediss:// needs':
    '该地址上的程序不支持 TLS，而 rediss:// 需要 TLS',
  'its certificate is signed by an authority that Node.js does not know': '其证书的签发机构不被 Node.js 信任',
  'name the file with the certificate of that authority in NODE_EXTRA_CA_CERTS':
    '在 NODE_EXTRA_CA_CERTS 中指定该机构的证书文件',
  'its certificate is made out to another host name': '其证书属于另一个主机名',
  'use the name of the certificate in REDIS_URL': '在 REDIS_URL 中使用证书上的主机名',
  'its certificate has expired': '其证书已过期',
  'renew it': '更新证书',
  'its host name cannot be resolved': '主机名无法解析',
  'this process may not open more files': '本进程打开的文件数已达上限',
  'raise the limit with ulimit -n 4096': '用 ulimit -n 4096 提高上限',
  'nothing answers there': '该地址没有响应',
  'start it, or correct REDIS_URL': '启动它，或修正 REDIS_URL',
  'it does not answer': '它没有应答',
  'check that it runs, that no firewall is in the way, and that it speaks TLS if REDIS_URL begins with rediss':
    '确认它在运行、没有被防火墙拦截；如果 REDIS_URL 以 rediss 开头，还要确认它支持 TLS',
  'the server starts it again by itself; if that does not help, restart the server':
    '服务器会自动重新启动它；如果仍不行，请重启服务器',
  'free space on the disk of DATA_DIR': '为 DATA_DIR 所在磁盘腾出空间',
  'free memory on this machine': '释放本机内存',
  'raise the limit (ulimit -n 4096)': '提高上限（ulimit -n 4096）',
};

/** Reason and remedy in Chinese; what Redis itself has said, in brackets or alone, stays as it is. */
export function redisFaultInChinese({ reason, remedy }: Pick<RedisFault, 'reason' | 'remedy'>) {
  const [, text = reason, detail = ''] = /^(.*?)( \(.*\))?$/s.exec(reason) ?? [];
  return { reason: `${TEXTS[text] ?? text}${detail}`, remedy: TEXTS[remedy] ?? remedy };
}
