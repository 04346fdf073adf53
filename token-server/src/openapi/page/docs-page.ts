import { type Language, PROBLEM_CODES } from '@zhongkong/shared';
import type { OpenApiDocument } from '../openapi-types.js';
import { Html, html, prose } from './html.js';
import { operationSection } from './operation-section.js';
import { groupIn, titleIn, wordsIn } from './page-words.js';
import { STYLE } from './style.js';

/** Adds a button to each example; without scripts the page is the same, but for these buttons. */
export const COPY_SCRIPT = `
for (const block of document.querySelectorAll('pre')) {
  const button = document.createElement('button');
  const { copy, copied } = document.body.dataset;
  button.className = 'copy';
  button.textContent = copy;
  button.addEventListener('click', async () => {
    const text = block.firstChild.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(block);
      document.execCommand('copy');
    }
    button.textContent = copied;
    setTimeout(() => { button.textContent = copy; }, 2000);
  });
  block.append(button);
}
`;

export interface PageOptions {
  readonly language: Language;
  /** Where the reader has opened this server: examples use it. */
  readonly serverUrl: string;
}

/** The server's address in the examples of the document. */
const EXAMPLE_URL = 'http://127.0.0.1:7200';

/** The reference for people: one page that needs nothing from elsewhere. */
export function docsPage(document: OpenApiDocument, { language, serverUrl }: PageOptions): string {
  const { info, tags, paths, components } = document;
  const words = wordsIn(language);
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      path,
      method,
      operation: {
        ...operation,
        summary: titleIn(language, operation.operationId, operation.summary),
        'x-codeSamples': operation['x-codeSamples'].map((sample) => ({
          ...sample,
          source: sample.source.replaceAll(EXAMPLE_URL, serverUrl),
        })),
      },
    })),
  );
  const groups = tags
    .map(({ name }) => ({
      name: groupIn(language, name),
      members: operations.filter(({ operation }) => operation.tags.includes(name)),
    }))
    .filter(({ members }) => members.length > 0);
  const section = { named: components.schemas, words };
  return pageOf(
    `${info.title} API`,
    html`<div class="layout">
<nav aria-label="${words('contents')}"><a class="brand" href="#top">${info.title} · 中控</a>
${groups.map(
  ({ name, members }) => html`<h2>${name}</h2>
${members.map(({ method, path, operation }) => html`<a href="#${operation.operationId}"><span class="method ${method}">${method}</span><span>${path}</span></a>`)}`,
)}
<h2>${words('errors')}</h2><a href="#errors">${words('codes')}</a></nav>
<main id="top">
<h1>${info.title} API</h1>
<p class="note">${words('version')} ${info.version} · OpenAPI 3.1: <code>/openapi.json</code></p>
<p>${prose(info.description)}</p>
<p>${prose(words('sendKey'))}</p>
${groups.map(
  ({ name, members }) => html`<h2>${name}</h2>
${members.map(({ method, path, operation }) => operationSection(method, path, operation, { ...section, language }))}`,
)}
<h2 id="errors">${words('errors')}</h2>
<p>${prose(words('onErrors'))}</p>
<table>${Object.entries(PROBLEM_CODES).map(
      ([code, { status, title }]) =>
        html`<tr><th><code>${code}</code></th><td class="type">${status}</td><td>${title[language]}</td></tr>`,
    )}</table>
</main></div><script>${new Html(COPY_SCRIPT)}</script>`,
    { language, data: html` data-copy="${words('copy')}" data-copied="${words('copied')}"` },
  );
}

/** A whole page in the style of the reference. */
export function pageOf(
  title: string,
  body: Html,
  { language = 'en', data = html`` }: { language?: Language; data?: Html } = {},
): string {
  return html`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title><style>${new Html(STYLE)}</style></head>
<body${data}>${body}</body></html>`.text;
}
