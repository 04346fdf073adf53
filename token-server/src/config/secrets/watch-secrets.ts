import type { AppConfig } from '../config.js';

const CHECK_EVERY_MS = 2_000;

/** Calls back within two seconds after the secret of an app was replaced in its file. */
export function watchSecrets(
  apps: () => readonly AppConfig[],
  onReplaced: (appId: string) => void,
): { stop(): void } {
  const known = new Map(apps().map(({ appId, secret }) => [appId, secret]));
  const timer = setInterval(() => {
    for (const { appId, secret } of apps()) {
      const last = known.get(appId);
      known.set(appId, secret);
      if (last !== undefined && last !== secret) onReplaced(appId);
    }
  }, CHECK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
