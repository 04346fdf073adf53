import { randomBytes } from 'node:crypto';
import type { Lesson } from './apis/lesson.js';
import { FaultList } from './faults/fault-list.js';
import { CallLog } from './platform/call-log.js';
import { Platform } from './platform/platform.js';
import { assignDefined } from './platform/settings.js';
import { MovableClock, systemClock } from './sandbox-clock.js';
import type { SandboxSettings } from './sandbox-options.js';

/** All there is in a running sandbox. */
export class World {
  readonly clock: MovableClock;
  platform = new Platform(randomBytes);
  faults = new FaultList();
  calls = new CallLog();
  /** By path. */
  lessons = new Map<string, Lesson>();
  /** Called whenever something changed that a state file keeps. */
  onChange: () => void = () => {};
  readonly #settings: SandboxSettings;

  constructor(settings: SandboxSettings) {
    this.#settings = settings;
    this.clock = new MovableClock(settings.clock ?? systemClock);
    this.reset();
  }

  /** Back to how it was at the start. */
  reset(): void {
    const { lifetimes, limits, apps } = this.#settings;
    this.clock.offsetMs = 0;
    this.faults = new FaultList();
    this.calls = new CallLog();
    this.lessons = new Map();
    this.platform = new Platform(randomBytes, () => this.onChange());
    assignDefined(this.platform.lifetimes, lifetimes);
    assignDefined(this.platform.limits, limits);
    for (const app of apps) this.platform.putApp(app);
  }
}
