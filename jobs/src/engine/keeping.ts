import type { CredentialId } from '../core/credential.js';
import type { AppSettings } from './app-settings.js';
import type { Refresher } from './refresher.js';

/** A credential that this server looks after. */
export interface Keeping {
  readonly app: AppSettings;
  readonly id: CredentialId;
  readonly refresher: Refresher;
}
