export interface TokenServerOptions {
  /** Base URL of the token server, with http:// or https://. */
  readonly server: string;
  /** A client key of it. */
  readonly apiKey: string;
  readonly appId: string;
  /** Longest wait for an answer, repetitions included. @defaultValue 10000 */
  readonly timeoutMs?: number | undefined;
}

export const DEFAULT_TIMEOUT_MS = 10_000;

export function isHttpUrl(text: string): boolean {
  return /^https?:\/\/[^/?#]/.test(text) && URL.canParse(text);
}
