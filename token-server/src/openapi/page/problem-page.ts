import { type Language, PROBLEM_CODES, type ProblemCodeName } from '@zhongkong/shared';
import { pageOf } from './docs-page.js';
import { html, prose } from './html.js';

/** What an error code means: the page at which its `type` leads. */
export function problemPage(code: ProblemCodeName, language: Language): string {
  const { status, title } = PROBLEM_CODES[code];
  const more =
    language === 'zh'
      ? '回答里的 `detail` 说明这一次的具体原因和该做什么。全部错误见 `/docs#errors` 和 docs/errors.zh-CN.md。'
      : 'The `detail` of the answer says why it happened this time, and what to do. All errors are at `/docs#errors` and in docs/errors.md.';
  return pageOf(
    code,
    html`<main><h1><code>${code}</code></h1><p class="note">HTTP ${status}</p><p>${title[language]}</p><p>${prose(more)}</p></main>`,
    { language },
  );
}
