import { expect } from '@jest/globals';

/** What the keeper says when the platform is to be asked. */
export const issued = (reason: string, force = false) => ({
  do: 'issue',
  attempt: expect.objectContaining({ reason, force }),
});
