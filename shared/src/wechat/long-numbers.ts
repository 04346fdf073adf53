/** A string, or a whole number of 16 digits and more that stands alone. */
const STRING_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
const SIXTEEN_DIGITS = /\d{16}/;

/**
 * JSON in which whole numbers that JavaScript would round stand as strings: WeChat's message ids have up to 19 digits.
 * Numbers that it can hold stay as they are.
 */
export function quoteLongNumbers(json: string): string {
  if (!SIXTEEN_DIGITS.test(json)) return json;
  return json.replace(STRING_OR_LONG_NUMBER, (text, offset: number) => {
    const isFraction = json[offset - 1] === '.' || text.startsWith('"');
    return isFraction || Number.isSafeInteger(Number(text)) ? text : `"${text}"`;
  });
}
