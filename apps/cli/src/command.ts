import type { Arguments } from './arguments.js';
import type { Io } from './io.js';

export interface Option {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** Name of its value in the help; absent: it takes none. */
  readonly value?: string;
  readonly help: string;
}

/** One command: its help beside its code. */
export interface Command {
  readonly name: string;
  /** What stands behind the name. */
  readonly usage: string;
  /** Paragraphs, wrapped by hand at 80 columns. */
  readonly description: string;
  readonly options: readonly Option[];
  /** Command line and what it does. */
  readonly examples: readonly (readonly [string, string])[];
  /** @returns the exit code */
  run(args: Arguments, io: Io): Promise<number>;
}

/** Options that every command takes. */
export const commonOptions: readonly Option[] = [
  { name: 'json', short: 'j', help: 'JSON lines: one object a line, the same values' },
  { name: 'color', value: 'WHEN', help: 'never, always or auto (a terminal, and no NO_COLOR)' },
  { name: 'help', short: 'h', help: 'show this help' },
  { name: 'version', short: 'V', help: 'show the version of lw' },
];
