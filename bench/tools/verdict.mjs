/** @param {{ value: number, wanted: string }} row `wanted`: `≤ 400`, `≥ 1.5`, or `–` where nothing is asked for */
export function verdictOf({ value, wanted }) {
  if (wanted === '–') return 'shown';
  const limit = Number(wanted.slice(1));
  const isMet = wanted.startsWith('≤') ? value <= limit : value >= limit;
  return isMet ? 'met' : 'NOT MET';
}
