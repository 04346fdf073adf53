import { CodedError } from '@zhongkong/shared';

/** One thing that is wrong with the configuration. */
export interface ConfigFault {
  /** The key as the user writes it: `PORT`, `apps[0].mode`. */
  readonly key: string;
  /** Where its value stands: `environment`, `zhongkong.config.json, line 3`. */
  readonly place: string;
  /** What is wrong and what is allowed; never the value itself, which may be a secret. */
  readonly message: string;
}

/** The configuration cannot be used; the message lists every fault. */
export class ConfigError extends CodedError {
  override readonly name = 'ConfigError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, { ...options, code: 'invalid_configuration' });
  }
}

/** Every fault on a line of its own. */
export function describeFaults(faults: readonly ConfigFault[]): string {
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
  const lines = faults.map((fault) => `  - ${describeFault(fault)}`);
  return [`the configuration has ${count}, so it is not used:`, ...lines].join('\n');
}

function describeFault({ key, place, message }: ConfigFault): string {
  return `${key} (${place}): ${message}`;
}

/** A value that passed its checks, or everything that is wrong with it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };
