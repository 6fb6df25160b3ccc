import { parseArgs } from 'node:util';
import { usageError } from './cli-error.js';
import { type Command, commonOptions, type Option } from './command.js';
import { closest } from './suggestion.js';

/** Arguments of a command, checked against its options. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** By option name; true for an option without a value. The last one wins. */
  readonly values: ReadonlyMap<string, string | true>;
}

export function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...commonOptions];
}

/**
 * Parses what stands behind the command's name. The words of our own errors stand here, and not in
 * parseArgs' strict mode, so that they can suggest.
 * @throws CliError 'USAGE'
 */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const options = optionsOf(command);
  const { tokens, positionals } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(options.map((option) => [option.name, parserOption(option)])),
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const values = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = options.find(({ name }) => name === token.name);
    if (option === undefined) throw unknownOption(command, token.rawName);
    values.set(option.name, checkedValue(command, option, token));
  }
  return { positionals, values };
}

/** The value of an option that takes one. */
export function optionValue({ values }: Arguments, name: string): string | undefined {
  const value = values.get(name);
  return typeof value === 'string' ? value : undefined;
}

/** One of a few words, or undefined when the option is not there. @throws CliError 'USAGE' */
export function choiceOf<T extends string>(
  args: Arguments,
  name: string,
  choices: readonly T[],
): T | undefined {
  const value = optionValue(args, name);
  if (value === undefined) return undefined;
  const choice = choices.find((known) => known === value);
  if (choice !== undefined) return choice;
  const near = closest(value, choices);
  throw usageError(
    `--${name} cannot be '${value}'`,
    near === undefined ? `use one of: ${choices.join(', ')}` : `did you mean --${name} ${near}?`,
  );
}

function parserOption({ short, value }: Option): { type: 'string' | 'boolean'; short?: string } {
  const type = value === undefined ? 'boolean' : 'string';
  return short === undefined ? { type } : { type, short };
}

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkedValue(command: Command, option: Option, token: OptionToken): string | true {
  const { rawName, value, inlineValue } = token;
  if (option.value === undefined) {
    if (value === undefined) return true;
    throw usageError(`${rawName} takes no value, it was given '${value}'`, seeHelp(command));
  }
  // `--spec --json` is a value that was forgotten; one that begins with a dash is written --spec=-x.
  const forgotten = value === undefined || (inlineValue === false && /^-./.test(value));
  if (!forgotten && value !== '') return value;
  throw usageError(`${rawName} needs a value: ${rawName} ${option.value}`, seeHelp(command));
}

function unknownOption(command: Command, rawName: string): Error {
  const names = optionsOf(command).map(({ name }) => `--${name}`);
  const near = rawName.startsWith('--') ? closest(rawName, names) : undefined;
  const tries = near === undefined ? [] : [`did you mean ${near}?`];
  return usageError(`lw ${command.name} has no option ${rawName}`, ...tries, seeHelp(command));
}

/** Where a command's usage is explained. */
export function seeHelp({ name }: Pick<Command, 'name'>): string {
  return `see lw help ${name}`;
}
