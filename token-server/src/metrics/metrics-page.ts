import { Registry } from 'prom-client';
import { CATALOGUE, type MetricFacts } from './catalogue.js';
import { countProcess } from './metrics.js';

/** The two tables of docs/metrics.md: what this server counts, and what every Node.js process has. */
export async function metricsTables(): Promise<{ own: string; ofProcess: string }> {
  const registry = new Registry();
  countProcess(registry);
  const ofProcess = registry.getMetricsAsArray().map(({ name, help, ...rest }) => ({
    name,
    help: help.replace(/\.$/, ''),
    // Of the library's own types, only the facts for all kinds are public.
    type: String((rest as { type?: unknown }).type ?? ''),
    labels: (rest as { labelNames?: readonly string[] }).labelNames ?? [],
  }));
  const own: readonly MetricFacts[] = Object.values(CATALOGUE);
  return {
    own: table(
      ['name', 'type', 'labels', 'meaning', 'alert on'],
      own.map(({ name, type, labels, help, alertOn = '' }) => [
        code(name),
        type,
        labels.map(code).join(', '),
        help,
        alertOn,
      ]),
    ),
    ofProcess: table(
      ['name', 'labels', 'meaning'],
      ofProcess.map(({ name, labels, help }) => [code(name), labels.map(code).join(', '), help]),
    ),
  };
}

const code = (text: string) => `\`${text}\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |');
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
