import type { Bilingual } from '../bilingual.js';
import { CodedError, type CodedErrorOptions } from './coded-error.js';

/** An error whose text callers of the API see, in their language. The English one is its message, for the log. */
export class BilingualError extends CodedError {
  override readonly name: string = 'BilingualError';
  readonly text: Bilingual;

  constructor(text: Bilingual, options: CodedErrorOptions) {
    super(text.en, options);
    this.text = text;
  }
}
