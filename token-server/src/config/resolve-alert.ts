import type { AlertTarget } from './config.js';
import type { AlertInput } from './config-file-schema.js';
import { resolveSecret, type SecretSources } from './secrets/resolve-secret.js';

/** @param note takes what is wrong, with its key; no text holds the URL, since that is a secret */
export function resolveAlert(
  alert: AlertInput,
  sources: SecretSources,
  note: (path: readonly PropertyKey[], message: string) => void,
): AlertTarget | undefined {
  const { type, language, only } = alert;
  const url = resolveSecret(alert, 'url', [], sources);
  const isSigned = [alert.secret, alert.secretFile, alert.secretEnv].some((given) => given !== undefined);
  const secret = isSigned || type === 'webhook' ? resolveSecret(alert, 'secret', [], sources) : undefined;
  for (const found of [url, secret])
    if (found !== undefined && 'message' in found) note([found.key], found.message);
  if (type === 'wecom' && isSigned)
    note(['secret'], 'is not used by robots of WeCom, whose URL is the secret; leave it out');
  if ('message' in url || (secret !== undefined && 'message' in secret)) return undefined;
  if (!/^https?:\/\/./.test(url.read()) || !URL.canParse(url.read()))
    note([url.key], 'must be a URL that begins with https:// or http://');
  return {
    type,
    language,
    ...(only && { only }),
    get url() {
      return url.read();
    },
    ...(secret && {
      get secret() {
        return secret.read();
      },
    }),
  };
}
