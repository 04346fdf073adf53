/** One event of a text/event-stream. */
export interface StreamEvent {
  /** @defaultValue 'message' */
  readonly event: string;
  readonly data: string;
}

/**
 * Reads a text/event-stream piece by piece, as https://html.spec.whatwg.org/multipage/server-sent-events.html says; `id`
 * and `retry` are read over.
 */
export class EventStreamParser {
  #rest = '';
  #event = '';
  #data: string[] = [];
  #pending = 0;

  /** Characters that belong to an event that has not ended. */
  get pending(): number {
    return this.#pending + this.#rest.length;
  }

  /** @returns the events that the piece has ended */
  feed(text: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    // A piece may end between \r and \n: what follows \r is only known with the next one.
    const whole = this.#rest + text;
    const end = whole.endsWith('\r') ? whole.length - 1 : whole.length;
    const lines = whole.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? '') + whole.slice(end);
    for (const line of lines) {
      const event = this.#readLine(line);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  #readLine(line: string): StreamEvent | undefined {
    if (line === '') return this.#endEvent();
    const [field = '', value = ''] = splitOnce(line);
    if (field === 'event') this.#event = value;
    if (field === 'data') this.#data.push(value);
    if (field !== '') this.#pending += line.length;
    return undefined;
  }

  #endEvent(): StreamEvent | undefined {
    const event = { event: this.#event || 'message', data: this.#data.join('\n') };
    const isEmpty = this.#data.length === 0;
    this.#event = '';
    this.#data = [];
    this.#pending = 0;
    return isEmpty ? undefined : event;
  }
}

/** A line that begins with a colon is a comment: its field is empty. */
function splitOnce(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon === -1) return [line, ''];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}
