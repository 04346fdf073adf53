/** Text of others without what would move the cursor or colour a terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}

/** The same, with the line breaks of a list of faults. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n').trim();
}

/** @returns the text without line breaks and control characters */
export function oneLine(text: string): string {
  return printable(text).trim();
}
