import { join } from 'node:path';

// Above the project and the folder in which Next.js itself is installed.
const root = join(import.meta.dirname, '..', '..', '..');

export default { turbopack: { root } };
