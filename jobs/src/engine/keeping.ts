import type { Refresher } from './refresher.js';
import type { Subject } from './subject.js';

/** A credential that this server looks after. */
export interface Keeping extends Subject {
  readonly refresher: Refresher;
}
