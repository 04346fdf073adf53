import { CliError } from './cli-error.js';
import type { Answer, Api } from './connect/api.js';

type Query = Readonly<Record<string, string | number | undefined>>;

/** The largest page that the server gives. */
export const PAGE_MAX = 1_000;

interface Page {
  readonly next?: string | null;
}

/** One page after the other, until there is no next one or the reader stops. @throws CliError */
export async function* pagesOf<T extends Page>(
  api: Api,
  path: string,
  query: Query,
): AsyncGenerator<Answer<T>> {
  let after: string | null | undefined;
  do {
    const page: Answer<T> = await api.call<T>('GET', path, { query: { ...query, ...(after && { after }) } });
    yield page;
    if (page.body.next === after && after)
      throw new CliError('The server gave the same page twice: see its log.');
    after = page.body.next;
  } while (after);
}
