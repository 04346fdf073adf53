import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type KeyRing, keyCheck, keyIdOf, type ResealCounts } from '@zhongkong/jobs';
import { HttpProblem } from './http/problem.js';
import { GONE_AFTER_MS, type ServerEntry } from './server-list.js';

const ASK_EVERY_MS = 200;
/** A server that runs follows within a second or two; one that does not counts as gone before this is over. */
const FOLLOW_WITHIN_MS = GONE_AFTER_MS + 5_000;

/** What a rotation does to the world. After each of these, whatever ends the server, one that starts again can read everything. */
export interface RotationEffects {
  readonly ring: KeyRing;
  /** Writes the server's own file of keys, the newest first; null: the operator gives the keys. */
  readonly writeKeys: ((masterKeys: readonly Buffer[]) => void) | null;
  readonly runningServers: () => Promise<readonly ServerEntry[]>;
  /** How many servers use this Redis and are not among the running ones: they are of an older version. */
  readonly countStrangers: (running: number) => Promise<number>;
  /** Makes all servers seal with this key. */
  readonly activate: (masterKey: Buffer) => Promise<void>;
  readonly reseal: () => Promise<ResealCounts>;
  /** Resolves when what was written is on the disk of the server's own Redis. */
  readonly flush: () => Promise<void>;
}

/**
 * Makes the first of the keys the active one, and seals everything with it. A rotation that was interrupted is finished
 * by the next.
 * @throws HttpProblem `conflict` when the keys do not allow it, and nothing was changed
 * @throws CodedError `store_unavailable`
 */
export async function rotateMasterKey(effects: RotationEffects): Promise<ResealCounts> {
  const { ring, writeKeys } = effects;
  if (ring.masterKeys.length === 1) {
    if (writeKeys === null) throw conflict(ONE_KEY);
    const masterKeys = [randomBytes(32), ...ring.masterKeys];
    writeKeys(masterKeys);
    ring.replaceKeys(masterKeys);
  }
  const [newKey] = ring.masterKeys;
  if (newKey === undefined) throw new RangeError('a ring without a key');
  const newKeyId = keyIdOf(keyCheck(newKey));
  if (writeKeys === null) await everyServerKnows(newKeyId, effects);
  await effects.activate(newKey);
  if (writeKeys === null) await everyServerSealsWith(newKeyId, effects);
  const counts = await effects.reseal();
  if (writeKeys !== null) {
    await effects.flush();
    writeKeys([newKey]);
    ring.replaceKeys([newKey]);
  }
  return counts;
}

async function everyServerKnows(keyId: string, effects: RotationEffects): Promise<void> {
  const running = await effects.runningServers();
  const lacking = running.filter(({ masterKeyIds }) => !masterKeyIds.includes(keyId));
  if (lacking.length > 0) {
    const names = lacking.map(({ id, url }) => url ?? id).join(', ');
    throw conflict({
      en: `These servers do not know the new master key (${keyId}): ${names}. Restart them with ZHONGKONG_MASTER_KEY=new,old, then try again. A server that was killed is forgotten after 30 s.`,
      zh: `以下服务器还没有新的主密钥（${keyId}）：${names}。请用 ZHONGKONG_MASTER_KEY=新,旧 重启它们后再试。被强制结束的服务器在 30 秒后不再计入。`,
    });
  }
  const strangers = await effects.countStrangers(running.length);
  if (strangers > 0)
    throw conflict({
      en: `${strangers} more server(s) of an older version use this Redis, and could not read what the new key seals: upgrade or stop them first. A server whose connection broke without an end may count for some minutes.`,
      zh: `还有 ${strangers} 台旧版本的服务器在使用这个 Redis，它们读不懂新密钥加密的内容：请先升级或停掉它们。连接异常中断的服务器可能会继续计入几分钟。`,
    });
}

/** From then on nothing is sealed with the old key. */
async function everyServerSealsWith(keyId: string, { runningServers }: RotationEffects): Promise<void> {
  const giveUpAt = performance.now() + FOLLOW_WITHIN_MS;
  for (;;) {
    const late = (await runningServers()).filter(({ sealsWith }) => sealsWith !== keyId);
    if (late.length === 0) return;
    if (performance.now() > giveUpAt) {
      const names = late.map(({ id, url }) => url ?? id).join(', ');
      throw conflict({
        en: `The new master key is in use, but these servers still seal with the old one: ${names}. Restart them with ZHONGKONG_MASTER_KEY=new,old, then try again; keep the old key until then.`,
        zh: `新的主密钥已启用，但以下服务器仍在使用旧密钥：${names}。请用 ZHONGKONG_MASTER_KEY=新,旧 重启它们后再试；在此之前请保留旧密钥。`,
      });
    }
    await sleep(ASK_EVERY_MS);
  }
}

const ONE_KEY = {
  en: 'Only one master key is known: make a new one (openssl rand -base64 32), give both as ZHONGKONG_MASTER_KEY=new,old to every server, restart them one after another, then try again.',
  zh: '目前只有一个主密钥：请先生成新密钥（openssl rand -base64 32），以 ZHONGKONG_MASTER_KEY=新,旧 的形式提供给每台服务器并逐台重启，然后再试。',
};

function conflict(detail: { en: string; zh: string }): HttpProblem {
  return new HttpProblem(detail, { code: 'conflict' });
}
