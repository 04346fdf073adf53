import { afterEach } from '@jest/globals';
import { configureGlobal } from 'fast-check';
import { undoAll } from '../helpers/clean-up.js';

// A failing test is not repeated: what fails once in ten runs is a defect, of the product or of the test.
afterEach(undoAll);
configureGlobal({ seed: Number(process.env.FC_SEED) });
