type Write = (fields: Record<string, unknown>, message: string) => void;

/** What the engine needs of a logger; pino fits. */
export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}
