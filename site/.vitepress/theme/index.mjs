// The fonts of the reader's system: nothing is loaded from elsewhere.
import DefaultTheme from 'vitepress/theme-without-fonts';

// biome-ignore lint/style/noDefaultExport: VitePress reads it so.
export default DefaultTheme;
