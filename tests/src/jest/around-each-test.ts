import { afterAll, afterEach, beforeEach } from '@jest/globals';
import { configureGlobal } from 'fast-check';
import { beginTest, endTest, undoAll } from '../helpers/clean-up.js';

// A failing test is not repeated: what fails once in ten runs is a defect, of the product or of the test.
beforeEach(beginTest);
afterEach(endTest);
afterAll(undoAll);
configureGlobal({ seed: Number(process.env.FC_SEED) });
