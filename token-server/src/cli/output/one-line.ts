/** Text of others without what would move the cursor or colour a terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}

/** @returns the text without line breaks and control characters */
export function oneLine(text: string): string {
  return printable(text).trim();
}
