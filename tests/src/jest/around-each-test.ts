import { afterEach, jest } from '@jest/globals';
import { undoAll } from '../helpers/clean-up.js';

afterEach(undoAll);

// Real processes on a machine that may be busy with something else: a failure is printed, and the test is run once
// more, with the same seed. What fails twice is a defect.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
