/** Stands in place of every secret and token in texts that people read. */
export const REDACTED = '***';

/** The query parameters in WeChat's URLs that nobody else may read. */
const SECRET_PARAMETERS =
  /\b((?:access_token|refresh_token|current_token|secret|js_code|code|component_appsecret)=)[^&\s'"<>]+/g;

/**
 * A text with `***` in place of each secret, as it stands and as it stands in a URL. Empty secrets are ignored.
 * WeChat and the gateways before it repeat in their answers what they were sent.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    // A secret that contains another one must go first, or its rest stays readable.
    .sort((one, other) => other.length - one.length);
  return forms.reduce((redacted, form) => redacted.replaceAll(form, REDACTED), text);
}

/** A text with `***` in place of the secrets that URLs in it carry as query parameters. */
export function redactQueries(text: string): string {
  return text.replace(SECRET_PARAMETERS, `$1${REDACTED}`);
}
