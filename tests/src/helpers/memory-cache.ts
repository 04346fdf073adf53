/** A cache as node-easywechat wants one, for one instance alone; its own is a file that all processes share. */
export function memoryCache() {
  const values = new Map<string, unknown>();
  return {
    get: async (id: string) => values.get(id) ?? null,
    set: async (id: string, data: unknown) => {
      values.set(id, data);
      return true;
    },
    has: async (id: string) => values.has(id),
    delete: async (id: string) => values.delete(id),
    clear: () => values.clear(),
  } as never as import('node-easywechat').CacheInterface & { clear(): void };
}
