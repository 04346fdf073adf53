import type { ReadinessAnswer } from '@zhongkong/shared/contract';
import type { App, Client, ServerEntry } from './api-types.js';
import type { Language } from './io.js';
import { troubleOf } from './output/app-views.js';

/** What `zhongkong status` found. */
export interface Findings {
  readonly url: string;
  readonly readiness: ReadinessAnswer;
  /** Null: not known. */
  readonly servers: readonly ServerEntry[] | null;
  readonly apps: AppCounts;
  /** Null: not known. */
  readonly clients: ClientCounts | null;
}

export interface ClientCounts {
  readonly total: number;
  /** Those whose keys end within two weeks, or have ended. */
  readonly endingSoon: readonly Client[];
}

export interface AppCounts {
  readonly total: number;
  /** Whether there are more than were counted. */
  readonly isCut: boolean;
  readonly paused: number;
  readonly byPhase: Readonly<Record<string, number>>;
  /** Those that an operator has to look at. */
  readonly inTrouble: readonly App[];
}

const NO_APPS: AppCounts = { total: 0, isCut: false, paused: 0, byPhase: {}, inTrouble: [] };

/** Adds a page of apps to the counts. */
export function countApps(counts: AppCounts = NO_APPS, apps: readonly App[] = []): AppCounts {
  const byPhase: Record<string, number> = { ...counts.byPhase };
  for (const { phase } of apps) byPhase[phase] = (byPhase[phase] ?? 0) + 1;
  return {
    ...counts,
    total: counts.total + apps.length,
    paused: counts.paused + apps.filter(({ paused }) => paused).length,
    byPhase,
    inTrouble: [...counts.inTrouble, ...apps.filter((app) => troubleOf(app, 'en').length > 0)],
  };
}

/** `12: 10 fresh, 2 dead`. */
export function phasesText({ total, isCut, paused, byPhase }: AppCounts): string {
  const phases = Object.entries(byPhase).map(([phase, count]) => `${count} ${phase}`);
  if (paused > 0) phases.push(`${paused} of them paused`);
  const count = isCut ? `more than ${total}; of these` : String(total);
  return phases.length === 0 ? count : `${count}: ${phases.join(', ')}`;
}

/** How the server is, in a few words. */
export function serverText({ readiness, servers }: Pick<Findings, 'readiness' | 'servers'>): string {
  const own = servers?.find(({ isThisServer }) => isThisServer);
  const word = { ready: 'ready', not_ready: 'not ready', stopping: 'stopping' }[readiness.status];
  return own === undefined ? word : `${word}, version ${own.version}`;
}

/** Each trouble with its place, the most pressing first. */
export function troubles(
  { apps, clients, servers }: Findings,
  language: Language,
): [place: string, what: string][] {
  const versions = new Set(servers?.map(({ version }) => version));
  return [
    ...apps.inTrouble.map((app): [string, string] => [
      app.name === undefined ? app.appId : `${app.appId} ${app.name}`,
      [app.phase, ...troubleOf(app, language)].join('; '),
    ]),
    ...(clients?.endingSoon ?? []).map(({ name, expiresAt }): [string, string] => [
      `client ${name}`,
      `its keys end at ${expiresAt}: zhongkong clients set ${name} --expires …`,
    ]),
    ...(versions.size > 1
      ? [['servers', `they have different versions: ${[...versions].join(', ')}`] as [string, string]]
      : []),
  ];
}
