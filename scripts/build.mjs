// `npm run build`: every workspace, incrementally.
import { buildWorkspaces } from './set-up/build-workspaces.mjs';

await buildWorkspaces();
