import { addressOf, headers } from './api.js';

export type LiveState = 'connecting' | 'live' | 'lost';

/** The server sends a comment every ten seconds. */
const SILENT_MS = 25_000;
const RETRY_MS = 2_000;

/** Follows which apps change, for ever. @param onApps gets their ids; null: any may have changed @returns what ends it */
export function followLive(
  onApps: (appIds: readonly string[] | null) => void,
  onState: (state: LiveState) => void,
): () => void {
  const ending = new AbortController();
  void (async () => {
    while (!ending.signal.aborted) {
      try {
        await read(ending.signal, onApps, () => {
          onState('live');
          // What has changed while nobody listened is unknown.
          onApps(null);
        });
      } catch {
        // It is shown as lost, and tried again.
      }
      if (ending.signal.aborted) return;
      onState('lost');
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  })();
  return () => ending.abort();
}

async function read(
  ended: AbortSignal,
  onApps: (appIds: readonly string[] | null) => void,
  onOpen: () => void,
): Promise<void> {
  const silence = new AbortController();
  const signal = AbortSignal.any([ended, silence.signal]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENT_MS);
  };
  // The stream of a browser that is offline stays open, and silent.
  const onOffline = () => silence.abort();
  addEventListener('offline', onOffline);
  try {
    heard();
    const response = await fetch(addressOf('/console/live'), { headers: headers(), signal });
    if (!response.ok || response.body === null) return;
    onOpen();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, data] = /^event: apps\ndata: (.*)$/m.exec(block) ?? [];
        if (data !== undefined) onApps(JSON.parse(data) as string[] | null);
      }
    }
  } finally {
    removeEventListener('offline', onOffline);
    clearTimeout(timer);
  }
}
