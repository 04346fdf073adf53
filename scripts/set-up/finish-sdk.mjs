// What tsc leaves to be done before the SDK can be packed.
import { vendorShared } from './vendor-shared.mjs';
import { writeCjsEntries } from './write-cjs-entries.mjs';

vendorShared();
await writeCjsEntries();
