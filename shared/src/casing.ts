/** Renames every key of plain objects, at every depth, in copies: the caller's objects are not touched. */
export function renameKeys(
  value: unknown,
  rename: (key: string) => string,
  leaveAlone: ReadonlySet<string>,
): unknown {
  if (Array.isArray(value)) return value.map((item) => renameKeys(item, rename, leaveAlone));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      rename(key),
      leaveAlone.has(key) ? item : renameKeys(item, rename, leaveAlone),
    ]),
  );
}

/** `thumbMediaId` → `thumb_media_id`; a run of capitals is one word: `openID` → `open_id`, `URLScheme` → `url_scheme`. */
export function toSnakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

/** `thumb_media_id` → `thumbMediaId`. */
export function toCamelCase(key: string): string {
  return key.replace(/_+([a-z0-9])/gi, (match, letter: string, offset: number) =>
    offset === 0 ? match : letter.toUpperCase(),
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
