import { parseArguments } from './arguments.js';
import { exitOk, usageError } from './cli-error.js';
import { type CommandEntry, commandTable } from './commands.js';
import { reportFailure } from './failure.js';
import { commandHelp, overallHelp } from './help.js';
import type { Io } from './io.js';
import { namingStdout } from './named-output.js';
import { type PlacedCommand, placeCommand } from './place-command.js';
import { closest } from './suggestion.js';

/** What a shell makes of a process that a signal ended: 128 and its number. */
const signalExits: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Runs `lw` with these arguments. Never rejects; after a signal it resolves at once, whatever the command
 * waits for.
 * @returns the exit code
 */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await Promise.race([dispatch(argv, namingStdout(io)), interruption(io.signal)]);
  } catch (error) {
    return reportFailure(error, io);
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const { name, rest } = await placed(argv);
  if (name === 'help') return help(rest, io);
  return runCommand(name, rest, io);
}

async function placed(argv: readonly string[]): Promise<PlacedCommand> {
  // The usual lines need no look at the options of all commands: a command first, or options alone.
  const [name, ...rest] = argv;
  if (name !== undefined && !name.startsWith('-')) return { name, rest };
  if (argv.every((word) => word.startsWith('-'))) return { name: undefined, rest: argv };
  return placeCommand(argv, await Promise.all(commandTable.map((entry) => entry.load())));
}

async function runCommand(
  name: string | undefined,
  argv: readonly string[],
  io: Io,
): Promise<number> {
  // `lw --json` is `lw list --json`, but `lw --help` asks about lw.
  const command = await findCommand(name ?? 'list').load();
  const args = parseArguments(command, argv);
  if (args.values.has('help')) return help(name === undefined ? [] : [name], io);
  if (args.values.has('version')) return version(io);
  return command.run(args, io);
}

async function help(names: readonly string[], io: Io): Promise<number> {
  if (names.includes('--version') || names.includes('-V')) return version(io);
  const [name] = names.filter((word) => !word.startsWith('-'));
  if (name === undefined || name === 'help') {
    await io.stdout.write(overallHelp(commandTable));
  } else {
    const entry = findCommand(name);
    await io.stdout.write(commandHelp(await entry.load(), entry.summary));
  }
  return exitOk;
}

async function version(io: Io): Promise<number> {
  const { readVersion } = await import('./version.js');
  await io.stdout.write(`lw ${readVersion()}\n`);
  return exitOk;
}

function findCommand(name: string): CommandEntry {
  const entry = commandTable.find((known) => known.name === name);
  if (entry !== undefined) return entry;
  const names = [...commandTable.map((known) => known.name), 'help'];
  const near = closest(name, names);
  throw usageError(
    `there is no command '${name}'`,
    near === undefined
      ? `to show a link of that name: lw show ${name}`
      : `did you mean lw ${near}?`,
    'see lw help',
  );
}

function interruption(signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const exit = () => resolve(signalExits[String(signal.reason)] ?? 130);
    if (signal.aborted) exit();
    else signal.addEventListener('abort', exit, { once: true });
  });
}
