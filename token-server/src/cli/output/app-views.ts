import type { App } from '../api-types.js';
import type { Language } from '../io.js';
import { type Cell, inStyle, type Style } from './layout.js';
import { fromNow, instant, localTime, type View } from './times.js';

const PHASE_STYLE: Readonly<Record<App['phase'], Style>> = {
  fresh: 'green',
  due: 'green',
  missing: 'red',
  dead: 'red',
  expired: 'red',
};

export const APP_HEADINGS = ['APP ID', 'NAME', 'MODE', 'PHASE', 'EXPIRES', 'BUDGETS', 'SOURCE', 'TROUBLE'];

export function appRow(app: App, view: View): Cell[] {
  const budgets = app.budgets.map(({ budget, used, limit }) => `${budget} ${used}/${limit}`);
  const trouble = troubleOf(app, view.language);
  return [
    app.appId,
    app.name ?? '',
    app.mode,
    phaseCell(app),
    instant(app.expiresAt, view),
    budgets.join(', '),
    app.source ?? '',
    inStyle(trouble.join('; '), trouble.length > 0 ? 'yellow' : undefined),
  ];
}

function phaseCell({ phase, paused }: Pick<App, 'phase' | 'paused'>): Cell {
  return paused ? { text: `${phase}, paused`, style: 'dim' } : { text: phase, style: PHASE_STYLE[phase] };
}

/** What an operator has to look at, in the user's language where the server says it in both. */
export function troubleOf(app: App, language: Language): string[] {
  const { lastFault, conflict, budgets, phase, paused } = app;
  const isWithout = phase === 'missing' || phase === 'dead' || phase === 'expired';
  return [
    ...(lastFault === null ? [] : [faultText(lastFault, language)]),
    ...(lastFault === null && isWithout && !paused ? ['there is no living token'] : []),
    ...(conflict === null ? [] : [conflict.advice[language]]),
    ...budgets
      .filter(({ almostUsedUp }) => almostUsedUp)
      .map(({ budget, used, limit }) => `${used} of ${limit} of the budget "${budget}" are used`),
  ];
}

function faultText({ errcode, errmsg, hint }: NonNullable<App['lastFault']>, language: Language): string {
  const said = errcode === undefined ? errmsg : `${errcode} ${errmsg}`;
  return hint === undefined ? said : `${said}: ${hint[language]}`;
}

/** Everything about one app. */
export function appFacts(app: App, view: View): [string, Cell][] {
  const when = (iso: string | null) =>
    iso !== null && view.isTerminal ? `${localTime(iso)} (${fromNow(iso, view.nowMs)})` : (iso ?? '');
  const secret = app.secretFingerprint === null ? 'none' : `fingerprint ${app.secretFingerprint}`;
  const policy = Object.entries(app.policy ?? {}).map(([name, value]) => `${name}=${value}`);
  return [
    ['app id', app.appId],
    ['name', app.name ?? ''],
    ['mode', app.mode],
    ['phase', phaseCell(app)],
    ['token', app.fingerprint === null ? '' : `version ${app.version}, fingerprint ${app.fingerprint}`],
    ['expires', when(app.expiresAt)],
    ['next refresh', when(app.nextRefreshAt)],
    ...app.budgets.map(({ budget, used, limit, almostUsedUp }): [string, Cell] => [
      `budget ${budget}`,
      inStyle(`${used} of ${limit} used today`, almostUsedUp ? 'yellow' : undefined),
    ]),
    ...app.tickets.map((ticket): [string, Cell] => [
      `ticket ${ticket.type}`,
      `${ticket.phase}, version ${ticket.version}, expires ${instant(ticket.expiresAt, view)}`,
    ]),
    ['secret', secret],
    ['policy', policy.join(' ')],
    ['source', app.source ?? ''],
    ['created', when(app.createdAt)],
    ['changed', when(app.updatedAt)],
    ...troubleOf(app, view.language).map((text): [string, Cell] => ['trouble', { text, style: 'yellow' }]),
  ];
}
