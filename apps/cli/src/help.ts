import { optionsOf } from './arguments.js';
import type { Command, Option } from './command.js';
import type { CommandEntry } from './commands.js';

/** What `lw help` prints. */
export function overallHelp(table: readonly CommandEntry[]): string {
  return `lw: watch the network links of this machine

Usage: lw [COMMAND] [OPTIONS], options before the command as well

Commands:
${rows(table.map(({ name, summary }) => [name, summary]))}
  help     show this help, or that of a command: lw help watch

Options of every command:
  -j, --json        JSON lines: one object a line, the same values
      --color WHEN  never, always or auto (a terminal, and no NO_COLOR)
  -h, --help        show the command's help
  -V, --version     show the version

Exit codes: 0 done, 1 failed, 2 wrong usage, or what a shell counts for a signal:
129 SIGHUP, 130 SIGINT (Ctrl-C), 143 SIGTERM.
`;
}

/** What `lw help COMMAND` prints. */
export function commandHelp(command: Command, summary: string): string {
  const { name, usage, description, examples } = command;
  return `lw ${name}: ${summary}

Usage: lw ${name} ${usage}

${description}

Options:
${rows(optionsOf(command).map((option) => [optionLabel(option), option.help]))}

Examples:
${rows(examples)}
`;
}

function optionLabel({ name, short, value }: Option): string {
  const dashed = `${short === undefined ? '   ' : `-${short},`} --${name}`;
  return value === undefined ? dashed : `${dashed} ${value}`;
}

function rows(table: readonly (readonly [string, string])[]): string {
  const width = Math.max(...table.map(([label]) => label.length));
  return table.map(([label, text]) => `  ${label.padEnd(width)}   ${text}`).join('\n');
}
