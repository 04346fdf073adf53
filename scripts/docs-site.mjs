// `npm run docs` serves the documentation as a site, `npm run docs:build` makes it in site/dist.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { build, createServer } from 'vitepress';
import { root } from './set-up/root.mjs';

const SITE = join(root, 'site');
const PAGES = join(SITE, 'pages');
const CHINESE = '.zh-CN.md';
/** Pages beside docs/, by their names in the site. */
const BESIDE = {
  'README.md': 'about',
  'client-sdk/README.md': 'sdk',
  'deploy/README.md': 'deploy',
  'sandbox/README.md': 'sandbox',
  'SECURITY.md': 'security-policy',
  'CHANGELOG.md': 'changelog',
  'CONTRIBUTING.md': 'contributing',
};

const [command] = process.argv.slice(2);
preparePages();
if (command === 'build') await build(SITE, { outDir: join(SITE, 'dist') });
else {
  const server = await createServer(SITE, { port: 7210 });
  await server.listen();
  server.printUrls();
}

function preparePages() {
  rmSync(PAGES, { recursive: true, force: true });
  const sources = [
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .map((path) => `docs/${path.replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.md') && !path.endsWith(CHINESE)),
    ...Object.keys(BESIDE),
  ];
  for (const source of sources) {
    const twin = source.replace(/\.md$/, CHINESE);
    const chinese = existsSync(join(root, twin)) ? twin : source;
    write(source, `en/${placeOf(source)}.md`, 'en');
    // A page without a twin leads on to English ones.
    write(chinese, `${placeOf(source)}.md`, chinese === source ? 'en' : 'zh');
  }
  cpSync(join(root, 'docs', 'pictures'), join(PAGES, 'public', 'pictures'), { recursive: true });
  const icon = join(root, 'token-server', 'console', 'src', 'icon.svg');
  cpSync(icon, join(PAGES, 'public', 'icon.svg'));
  const sidebars = { zh: sidebarOf('docs/README.zh-CN.md', 'zh'), en: sidebarOf('docs/README.md', 'en') };
  writeFileSync(join(SITE, 'sidebars.json'), JSON.stringify(sidebars, null, 2));
}

/** The place of a page within its language. */
function placeOf(source) {
  const english = source.replace(CHINESE, '.md');
  if (english in BESIDE) return BESIDE[english];
  return english
    .slice('docs/'.length)
    .replace(/\.md$/, '')
    .replace(/(^|\/)README$/, '$1index');
}

function write(source, target, language) {
  const text = readFileSync(join(root, source), 'utf8')
    .replace(/^\[(?:中文|中文说明|English)\]\([\w.-]+\)\n/gm, '')
    .replace(
      /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\((?!\w+:|#)([^)#\s]+)(#[^)]*)?\)/g,
      (_, image, words, path, anchor = '') => {
        const link = linkOf(source, path, language);
        if (image === '!')
          return `![${words}](/${normalize(path)
            .split('/docs/')
            .at(-1)
            .replace(/^docs\//, '')})`;
        return link === undefined ? words : `[${words}](${link}${anchor})`;
      },
    );
  const path = join(PAGES, target);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Where a link of a page leads in the site; undefined: to a file that is no page. */
function linkOf(source, path, language) {
  const file = normalize(join(dirname(source), path));
  const english = file.replace(CHINESE, '.md');
  const isPage = english in BESIDE || (english.startsWith('docs/') && english.endsWith('.md'));
  if (!isPage || !existsSync(join(root, english))) return undefined;
  const place = placeOf(english).replace(/(^|\/)index$/, '$1');
  return `${language === 'en' ? '/en/' : '/'}${place}`;
}

/** Headings and links of the index of the documentation. */
function sidebarOf(source, language) {
  const sections = readFileSync(join(root, source), 'utf8').split(/^## /m).slice(1);
  return sections.map((section) => ({
    text: section.split('\n')[0],
    items: [...section.matchAll(/\[([^\]]+)\]\(([^)#\s]+)\)/g)].flatMap(([, text, path]) => {
      const link = linkOf(source, path, language);
      return link === undefined ? [] : [{ text, link }];
    }),
  }));
}
