import { Counter, type Registry } from 'prom-client';

/** @param unknownKeys how often a value named a master key that this server does not have */
export function watchMasterKey(registry: Registry, unknownKeys: () => number): void {
  new Counter({
    name: 'zhongkong_unreadable_values_total',
    help: 'Reads of a sealed value in Redis whose master key this server does not have',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(unknownKeys());
    },
  });
}
