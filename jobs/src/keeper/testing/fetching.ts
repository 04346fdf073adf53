import { expect } from '@jest/globals';

/** The command by which the keeper asks WeChat for a token. */
export const fetching = (reason: string, force = false) => ({
  do: 'fetch',
  attempt: expect.objectContaining({ reason, force }),
});
