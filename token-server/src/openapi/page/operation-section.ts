import { type Language, PROBLEM_CODES, type ProblemCodeName } from '@zhongkong/shared';
import type { JsonSchema } from '../json-schemas.js';
import type { AnswerObject, Operation, Parameter } from '../openapi-types.js';
import { type Html, html, prose } from './html.js';
import type { Word } from './page-words.js';
import { type Field, fieldsOf, typeOf } from './schema-fields.js';

type Schemas = Readonly<Record<string, JsonSchema>>;

interface SectionOptions {
  readonly named: Schemas;
  readonly language: Language;
  readonly words: (word: Word) => string;
}

const PROBLEM = 'application/problem+json';

/** One operation of the reference. */
export function operationSection(
  method: string,
  path: string,
  operation: Operation,
  options: SectionOptions,
): Html {
  const { language, words } = options;
  const { operationId, summary, description = '', parameters, requestBody, responses } = operation;
  const answers = Object.entries(responses);
  const own = answers.filter(([, { content = {} }]) => Object.keys(content).some((type) => type !== PROBLEM));
  const withoutBody = answers.filter(([, { content }]) => content === undefined);
  const problems = answers.flatMap(([status, answer]) => problemRows(status, answer, language));
  return html`<article id="${operationId}">
<h3><a href="#${operationId}">${summary}</a></h3>
<div class="call"><span class="method ${method}">${method}</span><span class="path">${path}</span><span class="access">${accessOf(operation, words)}</span></div>
<p>${prose(description)}</p>
<pre>${operation['x-codeSamples'].map(({ source }) => html`${source}`)}</pre>
${parameters.length === 0 ? '' : html`<h4>${words('parameters')}</h4>${parameterTable(parameters, options)}`}
${requestBody === undefined ? '' : html`<h4>${words('body')}</h4>${bodyOf(requestBody.content, options)}`}
<h4>${words('answers')}</h4>
${[...own, ...withoutBody].map(([status, answer]) => answerSection(status, answer, options))}
${problems.length === 0 ? '' : html`<h4>${words('errors')}</h4><table>${problems}</table>`}
</article>`;
}

function problemRows(status: string, { content }: AnswerObject, language: Language): Html[] {
  const { code } = (content?.[PROBLEM]?.schema.properties ?? {}) as Record<string, JsonSchema>;
  const codes = (code?.enum ?? []) as ProblemCodeName[];
  return codes.map(
    (name) => html`<tr>
<th><code>${name}</code></th><td class="type">${status}</td><td>${PROBLEM_CODES[name].title[language]}</td></tr>`,
  );
}

function accessOf({ security, tags }: Operation, words: SectionOptions['words']): string {
  const [scope] = Object.values(security[0] ?? {}).flat();
  if (scope !== undefined) return `${words('scope')} ${scope}`;
  if (security.length > 0) return words('anyKey');
  return tags.includes('Drop-in') ? words('keyAsSecret') : words('noKey');
}

function parameterTable(parameters: readonly Parameter[], { named, words }: SectionOptions): Html {
  const rows = parameters.map(
    ({ name, in: place, required, description = '', schema }) => html`<tr>
<th><code>${name}</code></th><td class="type">${typeOf(schema, named)}<br>${words(place)}${required ? '' : `, ${words('optional')}`}</td><td>${prose(description)}</td></tr>`,
  );
  return html`<table>${rows}</table>`;
}

function bodyOf(content: NonNullable<AnswerObject['content']>, options: SectionOptions): Html {
  const own = Object.entries(content).filter(([type]) => type !== PROBLEM);
  const parts = own.map(([type, { schema }]) => {
    const fields = fieldsOf(schema, options.named);
    return html`<div class="note">${type}</div>${fields.length === 0 ? '' : html`<table>${fields.map((field) => fieldRow(field, options))}</table>`}`;
  });
  return html`${parts}`;
}

function fieldRow({ name, type, isRequired, description }: Field, { words }: SectionOptions): Html {
  return html`<tr>
<th><code>${name}</code></th><td class="type">${type}${isRequired ? '' : `, ${words('optional')}`}</td><td>${prose(description)}</td></tr>`;
}

function answerSection(
  status: string,
  { description, headers, content }: AnswerObject,
  options: SectionOptions,
): Html {
  const headerRows = Object.entries(headers).map(
    ([name, header]) => html`<tr>
<th><code>${name}</code></th><td class="type">${options.words('header')}</td><td>${prose(header.description)}</td></tr>`,
  );
  return html`<details class="answer"${Number(status) < 300 ? html` open` : ''}>
<summary><span class="status">${status}</span>${prose(description)}</summary>
${headerRows.length === 0 ? '' : html`<table>${headerRows}</table>`}${bodyOf(content ?? {}, options)}
</details>`;
}
