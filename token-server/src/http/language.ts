import type { Language } from '@zhongkong/shared';
import type { Request, Response } from 'express';

const CONTENT_LANGUAGE: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };

/** Chinese if `Accept-Language` prefers it to English; English without the header, for `*` and for other languages. */
export function languageOf(request: Pick<Request, 'acceptsLanguages'>): Language {
  return request.acceptsLanguages(['en', 'zh']) === 'zh' ? 'zh' : 'en';
}

/** Says to caches which language an answer has, and that there are others. */
export function setLanguage(response: Response, language: Language): void {
  response.set('content-language', CONTENT_LANGUAGE[language]).vary('Accept-Language');
}
