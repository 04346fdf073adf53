import { PROBLEM_CODES } from '@zhongkong/shared';
import type { OpenApiDocument } from '../openapi-types.js';
import { Html, html, prose } from './html.js';
import { operationSection } from './operation-section.js';
import { STYLE } from './style.js';

/** The reference for people: one page that needs no script and nothing from elsewhere. */
export function docsPage(document: OpenApiDocument): string {
  const { info, tags, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = tags
    .map(({ name }) => ({
      name,
      members: operations.filter(({ operation }) => operation.tags.includes(name)),
    }))
    .filter(({ members }) => members.length > 0);
  return pageOf(
    `${info.title} API`,
    html`<div class="layout">
<nav aria-label="Contents"><a class="brand" href="#top">${info.title} · 中控</a>
${groups.map(
  ({ name, members }) => html`<h2>${name}</h2>
${members.map(({ method, path, operation }) => html`<a href="#${operation.operationId}"><span class="method ${method}">${method}</span><span>${path}</span></a>`)}`,
)}
<h2>Errors</h2><a href="#errors">Codes</a></nav>
<main id="top">
<h1>${info.title} API</h1>
<p class="note">Version ${info.version} · OpenAPI 3.1 at <code>/openapi.json</code></p>
<p>${prose(info.description)}</p>
<p>Send a client key of this server with each request: <code>Authorization: Bearer &lt;client key&gt;</code>. The examples take it from the variable <code>KEY</code>.</p>
${groups.map(
  ({ name, members }) => html`<h2>${name}</h2>
${members.map(({ method, path, operation }) => operationSection(method, path, operation, components.schemas))}`,
)}
<h2 id="errors">Errors</h2>
<p>Programs go by <code>code</code>; <code>detail</code> is for people and may change. 429 and 503 carry <code>Retry-After</code>.</p>
<table>${Object.entries(PROBLEM_CODES).map(
      ([code, { status, title }]) =>
        html`<tr><th><code>${code}</code></th><td class="type">${status}</td><td>${title.en}.</td></tr>`,
    )}</table>
</main></div>`,
  );
}

/** A whole page in the style of the reference. */
export function pageOf(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title><style>${new Html(STYLE)}</style></head>
<body>${body}</body></html>`.text;
}
