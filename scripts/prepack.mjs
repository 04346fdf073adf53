// `npm pack` and `npm publish` of any package: from a fresh clone too, it installs and builds what is missing.
import { buildWorkspaces } from './set-up/build-workspaces.mjs';
import { installPackages } from './set-up/install-packages.mjs';

await installPackages();
await buildWorkspaces();
