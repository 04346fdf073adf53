import { afterEach } from '@jest/globals';
import { undoAll } from '../helpers/clean-up.js';

afterEach(undoAll);
