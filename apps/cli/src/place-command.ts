import { type Command, commonOptions } from './command.js';

/** A command line in order: the command, if one is named, and everything else as it stood. */
export interface PlacedCommand {
  readonly name: string | undefined;
  readonly rest: readonly string[];
}

/**
 * Finds the command behind options, as in `lw --color never list`, and moves these behind it. `commands`
 * tell which options take the word behind them, so that it is not taken for the command.
 */
export function placeCommand(
  argv: readonly string[],
  commands: readonly Pick<Command, 'options'>[],
): PlacedCommand {
  const valued = valuedOptions(commands);
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string;
    // Behind `--` nothing is a command: it may be the name of a link or a file.
    if (word === '--') break;
    if (valued.has(word)) at++;
    else if (!word.startsWith('-'))
      return { name: word, rest: argv.filter((_, index) => index !== at) };
  }
  return { name: undefined, rest: argv };
}

function valuedOptions(commands: readonly Pick<Command, 'options'>[]): ReadonlySet<string> {
  const options = [...commonOptions, ...commands.flatMap((command) => command.options)];
  return new Set(
    options
      .filter(({ value }) => value !== undefined)
      .flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]),
  );
}
