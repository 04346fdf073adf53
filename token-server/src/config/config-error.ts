/** One thing that is wrong with the configuration. */
export interface ConfigFault {
  /** The key as the user writes it: `PORT`, `apps[0].mode`. */
  readonly key: string;
  /** Where its value stands: `environment`, `zhongkong.config.json, line 3`. */
  readonly place: string;
  /** What is wrong and what is allowed; never the value itself, which may be a secret. */
  readonly message: string;
}

/** Everything that is wrong with the configuration, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[], options?: ErrorOptions) {
    const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
    const lines = faults.map(({ key, place, message }) => `  - ${key} (${place}): ${message}`);
    super([`the configuration has ${count}, so nothing was started:`, ...lines].join('\n'), options);
    this.faults = faults;
  }
}

/** A value that passed its checks, or everything that is wrong with it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

export function checked<T>(value: () => T, faults: readonly ConfigFault[]): Checked<T> {
  return faults.length === 0 ? { ok: true, value: value() } : { ok: false, faults };
}
