/** Puts `***` in the place of every secret in a text, as it is and as it stands in a URL. */
export function concealing(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))];
  return (text) => forms.reduce((concealed, form) => concealed.replaceAll(form, '***'), text);
}
