/** Whether a body is used up by being sent: a stream of Node's or of the web, or a generator. */
export function isUsedUp(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  return 'pipe' in body || 'getReader' in body || (Symbol.asyncIterator in body && !('forEach' in body));
}
