import { type Command, Option } from 'commander';
import type { Io } from '../io.js';

const HELP = `
Each thing that was looked at, what is wrong with it, why that matters, and what to do: Redis, WeChat and the way there,
clocks, AppSecrets, the IP whitelist, other programs that refresh, budgets, file modes, versions, what is stored.
With a running server, that server looks. Without one, this command looks from here, as serve would start here. It costs
no token, starts nothing and changes nothing. See docs/doctor.md.

Fails (exit code 1) when anything is bad.

Examples:
  $ zhongkong doctor
  $ zhongkong doctor --config /etc/zhongkong/zhongkong.config.json
  $ zhongkong doctor --json | jq -r '.findings[] | select(.level != "ok") | .todo.en'`;

export function registerDoctor(program: Command, io: Io): void {
  program
    .command('doctor')
    .description('find what is wrong, and say what to do')
    .addOption(
      new Option('--config <file>', 'look from here with this configuration file; no server is asked'),
    )
    .addHelpText('after', HELP)
    .action(async (_options: object, command: Command) =>
      (await import('./doctor-actions.js')).runDoctor(io, command),
    );
}
