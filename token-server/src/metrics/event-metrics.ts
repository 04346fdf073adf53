import { Counter, Gauge, type Registry } from 'prom-client';

export interface EventMetrics {
  opened(): void;
  closed(): void;
  /** A reader did not take what was sent. */
  dropped(): void;
  /** One token was sent to one reader. */
  sent(): void;
}

export function createEventMetrics(registry: Registry): EventMetrics {
  const registers = [registry];
  const open = new Gauge({ name: 'zhongkong_event_streams', help: 'Event streams that are open', registers });
  const dropped = new Counter({
    name: 'zhongkong_event_streams_dropped_total',
    help: 'Event streams that were ended because their reader did not take what was sent',
    registers,
  });
  const sent = new Counter({
    name: 'zhongkong_events_total',
    help: 'Tokens sent to event streams',
    registers,
  });
  return {
    opened: () => open.inc(),
    closed: () => open.dec(),
    dropped: () => dropped.inc(),
    sent: () => sent.inc(),
  };
}
