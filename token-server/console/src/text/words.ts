import type { Phase } from '../api/types.js';
import { text } from './language.js';

/** Health in words. */
export const PHASES: Readonly<Record<Phase, ReturnType<typeof text>>> = {
  fresh: text('alive', '有效'),
  due: text('being refreshed', '正在刷新'),
  dead: text('dead: WeChat refuses it', '已失效：微信拒绝'),
  expired: text('expired', '已过期'),
  missing: text('no token yet', '尚无 token'),
};

export const REASONS: Readonly<Record<string, ReturnType<typeof text>>> = {
  scheduled: text('scheduled', '按计划'),
  passive: text('passive refresh', '被动刷新'),
  manual: text('by hand', '手动'),
  bootstrap: text('first token', '首次获取'),
  recovery: text('recovery', '恢复'),
};

export const MODES: Readonly<Record<string, ReturnType<typeof text>>> = {
  stable: text('stable', 'stable 稳定版'),
  classic: text('classic', 'classic 普通版'),
  external: text('external', 'external 外部推送'),
};

export const BUDGETS = {
  fetches: text('fetched', '今日获取'),
  forced: text('forced', '今日强制'),
} as const;

/** How reports and fetches ended, as the history names it. */
export const OUTCOMES: Readonly<Record<string, ReturnType<typeof text>>> = {
  refreshed: text('new token', '新 token'),
  unchanged: text('same token', 'token 未变'),
  failed: text('failed', '失败'),
  superseded: text('was replaced already', '早已被替换'),
  'still-valid': text('still alive', '仍有效'),
  cooldown: text('waits for the cooldown', '等待冷却'),
  'over-budget': text('budget used up', '额度用尽'),
  paused: text('app is paused', '应用已暂停'),
  unanswered: text('could not be answered', '未能处理'),
};
