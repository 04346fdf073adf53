import { SingleFlight } from '@zhongkong/shared';
import { longestMsBetween, type Moment, momentOf, steadyMsBetween, systemClocks } from '../../http/clock.js';

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
 * Keeps a ticket in memory. However many calls want it at once, the source is asked once; while the ticket lives no call
 * waits for a newer one, and a source that fails does no harm.
 * @returns the ticket to use now; rejects with the source's error when there is none alive
 */
export function createTicketCache(fetchTicket: () => Promise<Ticket>): () => Promise<string> {
  const flight = new SingleFlight<string>();
  let held: (Ticket & { readonly given: Moment }) | undefined;
  let failedAt: Moment | undefined;

  const renew = () =>
    flight.join('ticket', async () => {
      const given = momentOf(systemClocks);
      try {
        held = { ...(await fetchTicket()), given };
        failedAt = undefined;
        return held.ticket;
      } catch (error) {
        failedAt = momentOf(systemClocks);
        throw error;
      }
    });

  return async () => {
    if (held === undefined) return renew();
    const now = momentOf(systemClocks);
    const ageMs = longestMsBetween(held.given, now);
    if (ageMs >= held.expiresIn * 1000) return renew();
    const mayAsk = failedAt === undefined || steadyMsBetween(failedAt, now) >= AFTER_FAILURE_MS;
    if (ageMs >= held.refreshIn * 1000 && mayAsk) renew().catch(() => {});
    return held.ticket;
  };
}
