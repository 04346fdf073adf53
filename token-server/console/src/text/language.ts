import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Text } from '../api/types.js';

export type Language = 'en' | 'zh';

const KEY = 'zhongkong-language';
const stored = localStorage.getItem(KEY);
let current: Language = stored === 'zh' || stored === 'en' ? stored : ofBrowser();

function ofBrowser(): Language {
  return /^zh/i.test(navigator.language) ? 'zh' : 'en';
}

/** The reader's language: what was chosen here before, else the browser's. */
export function language(): Language {
  return current;
}

export function chooseLanguage(chosen: Language): void {
  current = chosen;
  localStorage.setItem(KEY, chosen);
}

export const LanguageContext = createContext<Language>(current);

/** Picks a text in the reader's language. */
export function useText(): (text: Text) => string {
  const chosen = useContext(LanguageContext);
  return (text) => text[chosen];
}

export const text = (en: string, zh: string): Text => ({ en, zh });
