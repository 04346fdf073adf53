/**
 * Leaves properties where they are, but out of what loggers print: HTTP clients hang the request on an error, with
 * bodies and queries that hold secrets.
 */
export function hideProperties<T extends object>(owner: T, names: readonly string[]): T {
  for (const name of names) {
    if (Object.getOwnPropertyDescriptor(owner, name)?.configurable)
      Object.defineProperty(owner, name, { enumerable: false });
  }
  return owner;
}
