/** A text for people, written in each language of the house: neither is a translation of the other. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

export type Language = keyof Bilingual;
