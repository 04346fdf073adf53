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
  readonly faults: readonly ConfigFault[];

  constructor(message: string, { faults = [], ...options }: ConfigErrorOptions = {}) {
    super(message, { ...options, code: 'invalid_configuration' });
    this.faults = faults;
  }
}

interface ConfigErrorOptions extends ErrorOptions {
  /** @defaultValue none: the message says it all */
  readonly faults?: readonly ConfigFault[];
}

export function configError(faults: readonly ConfigFault[]): ConfigError {
  return new ConfigError(describeFaults(faults), { faults });
}

/** Every fault on a line of its own. */
function describeFaults(faults: readonly ConfigFault[]): string {
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
  const lines = faults.map((fault) => `  - ${describeFault(fault)}`);
  return [`the configuration has ${count}, so it is not used:`, ...lines].join('\n');
}

export function describeFault({ key, place, message }: ConfigFault): string {
  return `${key} (${place}): ${message}`;
}

/** A value that passed its checks, or everything that is wrong with it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };
