import type { RegistryEntry, RegistryStore, WechatClient } from '@zhongkong/jobs';
import { type Clock, fingerprint } from '@zhongkong/shared';
import { type PolicyInput, policySchema } from '../config/config-file-schema.js';
import { HttpProblem } from '../http/problem.js';
import { parseInput } from '../http/read-input.js';
import { unknownApp } from '../http/unknown-app.js';
import type { AppDirectory } from '../tokens/app-directory.js';
import { type AppEntry, appEntry } from '../tokens/app-entry.js';
import type { Actor, Audit } from './audit.js';
import { putWithRetry } from './put-with-retry.js';
import { trySecret } from './try-secret.js';

export interface ManageAppsDeps {
  readonly store: RegistryStore;
  readonly apps: AppDirectory;
  readonly wechat: WechatClient;
  readonly audit: Audit;
  readonly clock: Clock;
  /** Takes over what the registry holds now. */
  readonly sync: () => Promise<void>;
}

export interface AppChange {
  readonly name?: string | undefined;
  readonly secret?: string | undefined;
  readonly mode?: AppEntry['mode'] | undefined;
  /** Merged with what is there; null removes one value. */
  readonly policy?: Readonly<Record<string, number | null>> | undefined;
  readonly paused?: boolean | undefined;
}

/** Creates, changes and removes apps of the registry. All methods throw HttpProblem, CodedError `store_unavailable`. */
export interface ManageApps {
  /** @param isTried ask WeChat about a new secret first */
  change(actor: Actor, appId: string, change: AppChange, isTried: boolean): Promise<'created' | 'changed'>;
  remove(actor: Actor, appId: string): Promise<void>;
}

export function createManageApps(deps: ManageAppsDeps): ManageApps {
  const { store, apps, wechat, audit, clock, sync } = deps;

  function refuseFile(appId: string): void {
    if (!apps.isOfFile(appId)) return;
    const detail = {
      en: `The app ${appId} stands in the configuration file: change it there, then reload.`,
      zh: `应用 ${appId} 写在配置文件里：请在配置文件中修改，然后重新加载。`,
    };
    throw new HttpProblem(detail, { code: 'conflict' });
  }

  return {
    async change(actor, appId, change, isTried) {
      refuseFile(appId);
      let before: AppEntry | undefined;
      let after: AppEntry | undefined;
      await putWithRetry(store, 'apps', appId, async (current) => {
        before = parse(current);
        after = changedEntry(before, change, clock.nowMs());
        const { secret } = after;
        if (isTried && secret !== null && secret !== before?.secret) await trySecret(wechat, appId, secret);
        return after;
      });
      await sync();
      const action = before === undefined ? 'app.create' : 'app.change';
      await audit.note(actor, {
        action,
        target: appId,
        ...(before && { before: forAudit(before) }),
        ...(after && { after: forAudit(after) }),
      });
      return before === undefined ? 'created' : 'changed';
    },
    async remove(actor, appId) {
      refuseFile(appId);
      let before: AppEntry | undefined;
      await putWithRetry(store, 'apps', appId, async (current) => {
        if (current === undefined) throw unknownApp(appId);
        before = parse(current);
        return undefined;
      });
      await sync();
      await apps.settled();
      await audit.note(actor, {
        action: 'app.remove',
        target: appId,
        ...(before && { before: forAudit(before) }),
      });
    },
  };
}

/** An entry that cannot be read counts as none, so that it can be written anew. */
function parse(entry: RegistryEntry | undefined): AppEntry | undefined {
  return appEntry.safeParse(entry?.value).data;
}

/** @throws HttpProblem `invalid_request` */
function changedEntry(before: AppEntry | undefined, change: AppChange, nowMs: number): AppEntry {
  const {
    name = before?.name,
    secret = before?.secret ?? null,
    mode = before?.mode ?? 'stable',
    paused = before?.paused ?? false,
  } = change;
  if (secret === null && mode !== 'external') {
    const detail = {
      en: `The body is not valid: secret: is needed in ${mode} mode.`,
      zh: `请求体无效：secret：${mode} 模式需要提供 AppSecret。`,
    };
    throw new HttpProblem(detail, { code: 'invalid_request' });
  }
  return {
    ...(name === undefined ? {} : { name }),
    secret,
    mode,
    policy: mergePolicy(before?.policy ?? {}, change.policy ?? {}),
    paused,
    createdAtMs: before?.createdAtMs ?? nowMs,
    updatedAtMs: nowMs,
  };
}

function mergePolicy(before: PolicyInput, change: Readonly<Record<string, number | null>>): PolicyInput {
  const merged = Object.entries({ ...before, ...change }).filter(([, value]) => value !== null);
  return parseInput(policySchema, Object.fromEntries(merged), 'body');
}

function forAudit({ secret, ...rest }: AppEntry): object {
  return { ...rest, secretFingerprint: secret === null ? null : fingerprint(secret) };
}
