import { type Stopwatch, startStopwatch } from '../token/stopwatch.js';

/** A ticket as its source gives it. */
export interface Ticket {
  readonly ticket: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** In how many seconds the source wants to be asked again. */
  readonly refreshIn: number;
}

/** How soon a source that failed is asked again, while there is a ticket that lives. */
const AFTER_FAILURE_MS = 5_000;

/**
 * Keeps a ticket in memory. However many want it at once, the source is asked once; while the ticket lives nobody
 * waits for a newer one, and a source that fails does no harm.
 * @returns the ticket to use now; rejects with the source's error when there is none alive
 */
export function createTicketCache(fetchTicket: () => Promise<Ticket>): () => Promise<string> {
  let held: (Ticket & { readonly age: Stopwatch }) | undefined;
  let flight: Promise<string> | undefined;
  let sinceFailure: Stopwatch | undefined;

  async function renew(): Promise<string> {
    const age = startStopwatch();
    try {
      held = { ...(await fetchTicket()), age };
      sinceFailure = undefined;
      return held.ticket;
    } catch (error) {
      sinceFailure = startStopwatch();
      throw error;
    } finally {
      flight = undefined;
    }
  }

  function renewOnce(): Promise<string> {
    flight ??= renew();
    return flight;
  }

  return async () => {
    const ageMs = held?.age.atMostMs() ?? 0;
    if (held === undefined || ageMs >= held.expiresIn * 1000) return renewOnce();
    const mayAsk = sinceFailure === undefined || sinceFailure.steadyMs() >= AFTER_FAILURE_MS;
    if (ageMs >= held.refreshIn * 1000 && mayAsk) renewOnce().catch(() => {});
    return held.ticket;
  };
}
