/** The parameters of a query that nobody but the platform may read. */
const SECRET_PARAMETERS = ['access_token', 'secret', 'js_code'];

/** A text without what its request's query kept secret, wherever it stands there: answers repeat requests at times. */
export function hideCredentials(text: string, url: URL): string {
  const values = SECRET_PARAMETERS.map((name) => url.searchParams.get(name) ?? '');
  return values
    .filter((value) => value !== '')
    .flatMap((value) => [value, encodeURIComponent(value)])
    .reduce((cleaned, value) => cleaned.replaceAll(value, '…'), text);
}
