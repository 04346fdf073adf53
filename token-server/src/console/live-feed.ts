import type { ServerResponse } from 'node:http';
import type { EngineObserver } from '@zhongkong/jobs';
import { BilingualError } from '@zhongkong/shared';

const SEND_EVERY_MS = 300;
const HEARTBEAT_MS = 10_000;
/** With more, the page reads its list again. */
const NAMED_MAX = 200;
const PAGES_MAX = 200;
/** A page that takes nothing any more is disconnected. */
const BUFFER_MAX_BYTES = 64 * 1024;

interface Page {
  readonly response: ServerResponse;
  readonly mayUse: (appId: string) => boolean;
  /** False once the session has ended. Asked with each heartbeat. */
  readonly mayGoOn: () => Promise<boolean>;
}

/** Tells open consoles which apps have changed; never how. */
export interface LiveFeed {
  /** For the refresh engine. */
  readonly observer: EngineObserver;
  changed(appId: string): void;
  /** Until either side ends it. The caller has set the headers. @throws BilingualError `too_many_streams` */
  open(page: Page): void;
  stop(): void;
}

export function createLiveFeed(): LiveFeed {
  const pages = new Set<Page>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  function note(appId: string): void {
    if (pages.size === 0) return;
    changed.add(appId);
    timer ??= setTimeout(flush, SEND_EVERY_MS).unref();
  }

  function flush(): void {
    timer = undefined;
    const all = [...changed];
    changed.clear();
    for (const page of pages) {
      const own = all.filter(page.mayUse);
      if (own.length > 0) send(page, JSON.stringify(own.length > NAMED_MAX ? null : own));
    }
  }

  function send({ response }: Page, data: string): void {
    if (response.writableLength > BUFFER_MAX_BYTES) response.destroy();
    else response.write(`event: apps\ndata: ${data}\n\n`);
  }

  async function beat({ response, mayGoOn }: Page): Promise<void> {
    const isOver = !(await mayGoOn());
    if (response.writableEnded) return;
    if (isOver) response.end();
    else response.write(':\n\n');
  }

  const heartbeat = setInterval(() => {
    for (const page of pages) void beat(page);
  }, HEARTBEAT_MS).unref();
  const ofEvent = ({ id }: { readonly id: { readonly appId: string } }) => note(id.appId);
  return {
    observer: { fetched: ofEvent, pushed: ofEvent, checked: ofEvent, reported: ofEvent },
    changed: note,
    open(page) {
      if (page.response.closed) return;
      if (pages.size >= PAGES_MAX)
        throw new BilingualError(
          {
            en: `${PAGES_MAX} consoles are open, which is the limit: close one.`,
            zh: `已打开 ${PAGES_MAX} 个控制台，达到上限：请关闭一个。`,
          },
          { code: 'too_many_streams' },
        );
      pages.add(page);
      page.response.once('close', () => pages.delete(page));
      page.response.write(':\n\n');
    },
    stop() {
      clearInterval(heartbeat);
      clearTimeout(timer);
      for (const { response } of pages) response.end();
    },
  };
}
