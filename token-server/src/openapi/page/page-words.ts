import type { Language } from '@zhongkong/shared';

/** The words around the reference; what the routes themselves say is English, but for their titles. */
const WORDS = {
  contents: ['Contents', '目录'],
  errors: ['Errors', '错误'],
  codes: ['Codes', '错误代码'],
  parameters: ['Parameters', '参数'],
  body: ['Body', '请求体'],
  answers: ['Answers', '回答'],
  optional: ['optional', '可选'],
  header: ['header', '请求头或响应头'],
  query: ['in the query', '在查询里'],
  path: ['in the path', '在路径里'],
  copy: ['Copy', '复制'],
  copied: ['Copied', '已复制'],
  anyKey: ['any client key', '任意客户端密钥'],
  noKey: ['no key', '不需要密钥'],
  keyAsSecret: ['client key as secret', 'secret 填客户端密钥'],
  scope: ['scope', '权限'],
  version: ['Version', '版本'],
  sendKey: [
    'Send a client key of this server with each request: `Authorization: Bearer <client key>`. The examples take it from the variable `KEY`.',
    '每个请求都要带上本服务器的客户端密钥：`Authorization: Bearer <客户端密钥>`。示例从变量 `KEY` 读取它。',
  ],
  onErrors: [
    'Programs go by `code`; `detail` is for people and may change. 429 and 503 carry `Retry-After`.',
    '程序请判断 `code`；`detail` 是给人看的，可能变化。429 和 503 带有 `Retry-After`。',
  ],
} as const;

export type Word = keyof typeof WORDS;

export function wordsIn(language: Language): (word: Word) => string {
  return (word) => WORDS[word][language === 'zh' ? 1 : 0];
}

const GROUPS: Readonly<Record<string, string>> = {
  'Access tokens': 'access_token',
  Tickets: 'ticket',
  Login: '登录',
  Events: '事件流',
  'Drop-in': '兼容接口',
  Proxy: '代理',
  Apps: '应用',
  Clients: '客户端',
  Operation: '运维',
  Console: '控制台',
};

const TITLES: Readonly<Record<string, string>> = {
  getAccessToken: '当前的 access_token',
  pushAccessToken: '交出另一个系统获取的 token',
  reportAccessToken: '被动刷新：上报失效的 token，得到现在该用的',
  rotateAccessToken: '应运维人员要求获取新 token',
  getTicket: '网页用的当前 ticket',
  streamEvents: '每个新 token，在生效的那一刻',
  codeToSession: '小程序用户登录',
  dropInToken: '微信格式的 token',
  dropInStableToken: '同上，稳定版接口的格式',
  dropInTicket: '微信格式的 ticket',
  dropInCodeToSession: '微信格式的小程序用户登录',
  dropInUserToken: '微信格式的公众号用户登录',
  dropInRefreshUserToken: '公众号用户的新 token',
  dropInUserInfo: '公众号用户同意公开的资料',
  dropInCheckUserToken: '用户的 token 是否有效',
  callWechat: '不带 token 调用微信接口',
  listApps: '全部应用的状况',
  getApp: '一个应用的状况',
  putApp: '新建或修改应用',
  removeApp: '删除应用',
  getHistory: '应用的 token 发生过什么',
  listClients: '全部客户端，不含密钥',
  createClient: '新建客户端',
  changeClient: '修改客户端的权限和期限',
  removeClient: '删除客户端并吊销密钥',
  createKey: '生成第二把密钥，用于更换',
  revokeKey: '吊销一把密钥',
  getAudit: '谁改了什么',
  reload: '重新读取配置',
  listServers: '这个 Redis 上的服务器',
  rotateMasterKey: '用新的主密钥重新加密全部内容',
  getDoctor: '哪里有问题、为什么要紧、该做什么',
  getHealth: '进程是否在运行并应答',
  getReadiness: '这台服务器能否服务',
  getMetrics: '给 Prometheus 的指标',
  getOpenApi: '给程序看的 API 参考，OpenAPI 3.1',
  getDocs: '给人看的 API 参考',
  getProblem: '一种错误的含义',
  getConsole: '控制台：给运维人员的页面',
  getConsoleAsset: '控制台的文件',
  signIn: '用有 `admin` 权限的密钥登录控制台',
  getSession: '谁已登录',
  signOut: '退出控制台，在所有服务器上生效',
  streamConsole: '哪些应用有变化，在变化的那一刻',
  relayCall: '带着本服务器给出的 token 调用微信接口',
};

/** The title of a route in the reader's language. */
export function titleIn(language: Language, operationId: string, summary: string): string {
  return language === 'zh' ? (TITLES[operationId.replace(/_\w+$/, '')] ?? summary) : summary;
}

export function groupIn(language: Language, name: string): string {
  return language === 'zh' ? (GROUPS[name] ?? name) : name;
}
