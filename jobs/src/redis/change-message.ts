import type { CredentialId } from '../core/credential.js';

/** What servers tell each other over the channel: a new state (its value sealed), or only that a lease is free. */
export interface ChangeMessage extends CredentialId {
  readonly state?: string;
}

export function encodeChange(message: ChangeMessage): string {
  return JSON.stringify(message);
}

export function decodeChange(text: string): ChangeMessage {
  return JSON.parse(text) as ChangeMessage;
}
