/** A body that is used up by being sent. */
export function isStream(data: unknown): data is object {
  return typeof data === 'object' && data !== null && 'pipe' in data;
}
