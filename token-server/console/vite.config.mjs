import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The server serves the page at /console, and everything else of it below /console/assets. */
// biome-ignore lint/style/noDefaultExport: Vite reads it so.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  build: {
    outDir: '../dist/console-page',
    emptyOutDir: true,
    assetsDir: 'console/assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
});
