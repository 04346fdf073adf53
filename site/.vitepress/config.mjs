import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';

/** Made by scripts/docs-site.mjs from the index of the documentation. */
const sidebars = JSON.parse(readFileSync(new URL('../sidebars.json', import.meta.url), 'utf8'));

/** Words for alphabets that have spaces; for Chinese each character and each pair, so that 白名单 is found within a sentence. */
function tokenize(text) {
  const words = text.toLowerCase().match(/[a-z0-9_.-]+|[\u4e00-\u9fff]+/g) ?? [];
  return words.flatMap((word) => {
    if (!/[\u4e00-\u9fff]/.test(word)) return [word];
    const characters = [...word];
    return [...characters, ...characters.slice(1).map((one, index) => characters[index] + one)];
  });
}

// biome-ignore lint/style/noDefaultExport: VitePress reads it so.
export default defineConfig({
  title: 'Zhongkong 中控',
  head: [['link', { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' }]],
  srcDir: 'pages',
  cleanUrls: true,
  locales: {
    root: {
      label: '中文',
      lang: 'zh-CN',
      themeConfig: {
        sidebar: sidebars.zh,
        outline: { label: '本页内容', level: [2, 3] },
        docFooter: { prev: '上一页', next: '下一页' },
        sidebarMenuLabel: '目录',
        returnToTopLabel: '回到顶部',
        darkModeSwitchLabel: '深浅色',
        langMenuLabel: '语言',
      },
    },
    en: {
      label: 'English',
      lang: 'en',
      link: '/en/',
      themeConfig: { sidebar: sidebars.en, outline: [2, 3] },
    },
  },
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          options: { tokenize },
          searchOptions: { combineWith: 'AND', prefix: true, fuzzy: false },
        },
        locales: {
          root: {
            translations: {
              button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
              modal: { noResultsText: '没有找到', resetButtonTitle: '清除', backButtonTitle: '关闭' },
            },
          },
        },
      },
    },
  },
});
