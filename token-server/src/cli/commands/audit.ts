import { type Command, Option } from 'commander';
import type { AuditEntry } from '../api-types.js';
import { wholeNumber } from '../input/parse.js';
import type { Io } from '../io.js';
import { connect } from '../lazy-connect.js';

const HELP = `
Every change of apps, keys and configuration, and every manual refresh: who did it, from where, and what was before and
after. Secrets, tokens and keys appear as fingerprints.

Examples:
  $ zhongkong audit
  $ zhongkong audit --limit 500 --json | jq '.entries[] | select(.action == "key.revoke")'`;

interface AuditOptions {
  readonly limit: number;
  readonly before?: string;
}

interface Answer {
  readonly entries: readonly AuditEntry[];
}

export function registerAudit(program: Command, io: Io): void {
  program
    .command('audit')
    .description('show who changed what, the newest first')
    .addOption(new Option('-n, --limit <n>', 'how many').argParser(wholeNumber(1, 500)).default(20))
    .option('--before <id>', 'those older than this entry')
    .addHelpText('after', HELP)
    .action((options: AuditOptions, command: Command) => showAudit(io, command, options));
}

async function showAudit(io: Io, command: Command, { limit, before }: AuditOptions): Promise<void> {
  const { api, out } = await connect(command, io);
  const { body, text } = await api.call<Answer>('GET', '/v1/audit', { query: { limit, before } });
  if (out.json) return out.document(text);
  const { AUDIT_HEADINGS, auditRow } = await import('../output/audit-views.js');
  out.table(
    AUDIT_HEADINGS,
    body.entries.map((entry) => auditRow(entry, out.isTerminal)),
  );
  const last = body.entries.at(-1);
  if (last !== undefined && body.entries.length === limit)
    out.note(`There may be more: --before ${last.id} shows the next page.`);
}
