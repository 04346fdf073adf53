import type { Registry } from 'prom-client';
import { CATALOGUE, counter, gauge } from './catalogue.js';

export interface EventMetrics {
  opened(): void;
  closed(): void;
  /** A reader did not take what was sent. */
  dropped(): void;
  /** One token was sent to one reader. */
  sent(): void;
}

export function createEventMetrics(registry: Registry): EventMetrics {
  const open = gauge(CATALOGUE.streams, registry);
  const dropped = counter(CATALOGUE.streamsDropped, registry);
  const sent = counter(CATALOGUE.events, registry);
  return {
    opened: () => open.inc(),
    closed: () => open.dec(),
    dropped: () => dropped.inc(),
    sent: () => sent.inc(),
  };
}
