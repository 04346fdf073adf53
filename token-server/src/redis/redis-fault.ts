/** Why Redis cannot be used. */
export interface RedisFault {
  /** `unreachable`: no answer. `refusing`: it answers, but does not do what the server needs. */
  readonly is: 'unreachable' | 'refusing';
  /** A clause: "it is a read-only replica". */
  readonly reason: string;
  /** What to do, as an order: "point REDIS_URL at the master". */
  readonly remedy: string;
  /** Whether the fault may end without anybody doing anything, so that waiting at the start makes sense. */
  readonly mayPass: boolean;
}

type Rule = readonly [
  pattern: RegExp,
  is: RedisFault['is'],
  reason: string,
  remedy: string,
  passing?: 'may pass',
];

const ACL = 'give the user the rights that docs/configuration.md lists under "Rights in Redis"';
const LOGIN = 'put user and password into REDIS_URL: redis://user:password@host:port';

/** The first rule that matches counts. `$1` in a text is the first group of the pattern. */
const RULES: readonly Rule[] = [
  [
    /unknown command 'sentinel'/i,
    'refusing',
    'it is not a sentinel',
    'give the addresses of the sentinels, or write redis:// for a single Redis',
  ],
  [
    /All sentinels.*NOAUTH/,
    'refusing',
    'the sentinels want a password',
    'add ?sentinelPassword=… (and &sentinelUsername=…) to REDIS_URL',
  ],
  [
    /All sentinels.*(?:WRONGPASS|invalid password|NOPERM)/,
    'refusing',
    'the sentinels refuse the user or the password',
    'correct sentinelUsername and sentinelPassword in REDIS_URL',
  ],
  [
    /All sentinels.*(?:No such master|disabled\.$)/,
    'refusing',
    'the sentinels know no master of this name',
    'correct the name in REDIS_URL',
  ],
  [
    /All sentinels.*certificate/,
    'unreachable',
    'the certificate of the sentinels cannot be verified',
    'name the file with the certificate of their authority in NODE_EXTRA_CA_CERTS',
  ],
  [
    /All sentinels/,
    'unreachable',
    'no sentinel can be reached',
    'start them, or correct REDIS_URL',
    'may pass',
  ],
  [
    /READONLY/,
    'refusing',
    'it is a read-only replica',
    'point REDIS_URL at the master, or at the sentinels',
    'may pass',
  ],
  [
    /NOREPLICAS/,
    'refusing',
    'it has too few replicas to accept writes',
    'start its replicas, or lower min-replicas-to-write',
    'may pass',
  ],
  [/OOM/, 'refusing', 'its memory is full', 'raise maxmemory in Redis, or free memory there'],
  [/MISCONF/, 'refusing', 'it cannot write to its disk', 'free space on the disk of Redis, and read its log'],
  [/NOAUTH/, 'refusing', 'it wants a password', LOGIN],
  [
    /WRONGPASS|invalid password|invalid username-password/,
    'refusing',
    'it refuses the user or the password',
    'correct them in REDIS_URL',
  ],
  [/(NOPERM.*|.*can't (?:run|access|publish).*)/, 'refusing', 'the user lacks rights in it', ACL],
  [
    /CLUSTERDOWN/,
    'refusing',
    'the cluster has no master for a part of its keys',
    'start the missing nodes, and look at CLUSTER INFO',
    'may pass',
  ],
  [
    /MOVED|ASK |SELECT is not allowed in cluster mode/,
    'refusing',
    'it is a node of a cluster',
    'write redis+cluster:// in REDIS_URL',
  ],
  [/cluster support disabled/, 'refusing', 'it is not a cluster', 'write redis:// in REDIS_URL'],
  [
    /DB index is out of range|invalid DB index/i,
    'refusing',
    'it has no database of this number',
    'correct the number in REDIS_URL',
  ],
  [/protected mode/i, 'refusing', 'it runs in protected mode', 'give it a password, or a bind address'],
  [
    /max number of clients/i,
    'refusing',
    'it takes no more connections',
    'raise maxclients in Redis',
    'may pass',
  ],
  [/(needs Redis.*)/, 'refusing', 'it is too old', 'install Redis 6.2 or later'],
  [
    /(unknown (?:command|subcommand).*?),/i,
    'refusing',
    'it does not know a command that the server needs',
    'use Redis 6.2 or later, and rename no commands',
  ],
  [
    /LOADING|MASTERDOWN/,
    'unreachable',
    'it is still loading its data',
    'wait until it has loaded them',
    'may pass',
  ],
  [/Protocol error/, 'unreachable', 'the program at this address is not Redis', 'correct REDIS_URL'],
  [
    /SSL routines|wrong version number/,
    'unreachable',
    'the program at this address does not speak TLS, which rediss:// needs',
    'correct REDIS_URL',
  ],
  [
    /self.signed certificate|unable to (?:verify|get)/,
    'unreachable',
    'its certificate is signed by an authority that Node.js does not know',
    'name the file with the certificate of that authority in NODE_EXTRA_CA_CERTS',
  ],
  [
    /altnames|ERR_TLS_CERT_ALTNAME_INVALID/,
    'unreachable',
    'its certificate is made out to another host name',
    'use the name of the certificate in REDIS_URL',
  ],
  [/certificate has expired/, 'unreachable', 'its certificate has expired', 'renew it'],
  [
    /ENOTFOUND|EAI_AGAIN/,
    'unreachable',
    'its host name cannot be resolved',
    'correct the name in REDIS_URL',
    'may pass',
  ],
  [
    /EMFILE|ENFILE/,
    'unreachable',
    'this process may not open more files',
    'raise the limit with ulimit -n 4096',
  ],
  [
    /(ECONNREFUSED|ENOENT|Connection is closed)/,
    'unreachable',
    'nothing answers there',
    'start it, or correct REDIS_URL',
    'may pass',
  ],
  [
    /(?:timed out|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/,
    'unreachable',
    'it does not answer',
    'check that it runs, that no firewall is in the way, and that it speaks TLS if REDIS_URL begins with rediss',
    'may pass',
  ],
];

const EMBEDDED_REMEDY = 'the server starts it again by itself; if that does not help, restart the server';
const EMBEDDED_REMEDIES: Readonly<Record<string, string>> = {
  'it cannot write to its disk': 'free space on the disk of DATA_DIR',
  'its memory is full': 'free memory on this machine',
  'this process may not open more files': 'raise the limit (ulimit -n 4096)',
};

/** Finds out why Redis cannot be used from what it, or ioredis, has said. The embedded Redis is not in REDIS_URL. */
export function redisFault(error: unknown, isEmbedded = false): RedisFault {
  const message = messageOf(error);
  for (const [pattern, is, reason, remedy, passing] of RULES) {
    const [match, detail = ''] = pattern.exec(message) ?? [];
    if (match === undefined) continue;
    return {
      is,
      reason: `${reason}${detail === '' ? '' : ` (${detail.trim()})`}`,
      remedy: isEmbedded ? (EMBEDDED_REMEDIES[reason] ?? EMBEDDED_REMEDY) : remedy,
      mayPass: passing !== undefined,
    };
  }
  return {
    is: 'unreachable',
    reason: message,
    remedy: isEmbedded ? EMBEDDED_REMEDY : 'start it, or correct REDIS_URL',
    mayPass: !/^(ERR|DENIED)/.test(message),
  };
}

/** Every reason and remedy that can come out, for texts in other languages; a reason may have a detail in brackets behind it. */
export function redisFaultTexts(): ReadonlySet<string> {
  const ofRules = RULES.flatMap(([, , reason, remedy]) => [reason, remedy]);
  return new Set([...ofRules, ...Object.values(EMBEDDED_REMEDIES), EMBEDDED_REMEDY]);
}

/** Whether an error that Redis has answered means that it refuses us, and not only this one command. */
export function isRefusal({ message }: Error): boolean {
  return /^(READONLY|NOREPLICAS|OOM|MISCONF|NOAUTH|WRONGPASS|NOPERM|CLUSTERDOWN)|no permissions|can't (run|access|publish)/.test(
    message,
  );
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What a cluster's node said is more than that all of them failed.
  const inner = (error as { lastNodeError?: unknown }).lastNodeError;
  if (inner instanceof Error) return messageOf(inner);
  const { code } = error as NodeJS.ErrnoException;
  const text = error.message.replace(/\s*\n\s*/g, ' ').trim();
  return code !== undefined && !text.includes(code) ? `${text} ${code}` : text;
}
