import { type Sandbox, type SandboxOptions, startSandbox } from '@zhongkong/sandbox';
import { cleanUp } from './clean-up.js';

export const APP = { appId: 'wx0123456789abcdef', secret: 'the-secret-of-the-first-app-0123' };
export const OTHER_APP = { appId: 'wxfedcba9876543210', secret: 'the-secret-of-the-other-app-3210' };
/** Who reports, in tests of the engine. */
export const REPORTER = { client: 'order-service', errcode: 40001 };
export const API_KEY = 'the-key-of-the-order-service';

/** A WeChat platform with both apps; gone after the test. */
export async function startPlatform(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ apps: [APP, OTHER_APP], ...options });
  cleanUp(() => sandbox.stop());
  return sandbox;
}
