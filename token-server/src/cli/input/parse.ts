import { InvalidArgumentError } from 'commander';

/** A whole number within limits, for `--limit` and the like. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return value;
  };
}

/** Names with commas between. */
export function commaList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes(''))
    throw new InvalidArgumentError('It must be names with commas between, such as a,b.');
  return names;
}

/** `refreshLead=600`; `refreshLead=default` takes the app's own value away. */
export function policyValue(
  text: string,
  previous: Readonly<Record<string, number | null>> = {},
): Record<string, number | null> {
  const [, name = '', value = ''] = /^(\w+)=(default|\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (name === '')
    throw new InvalidArgumentError('It must be key=number, such as refreshLead=600, or key=default.');
  return { ...previous, [name]: value === 'default' ? null : Number(value) };
}

const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };

/** `90d`, `12h`, a date or an instant in ISO 8601, or `never`. @returns an instant, or `never` */
export function expiry(text: string, nowMs: number): string {
  if (text === 'never') return text;
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const isIso = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/.test(text);
  const atMs =
    count === undefined
      ? isIso
        ? Date.parse(text)
        : Number.NaN
      : nowMs + Number(count) * (UNITS[unit] ?? 0);
  if (Number.isNaN(atMs))
    throw new InvalidArgumentError('It must be a time such as 90d, 12h or 2027-01-31, or never.');
  if (atMs <= nowMs) throw new InvalidArgumentError('It lies in the past.');
  return new Date(atMs).toISOString();
}
