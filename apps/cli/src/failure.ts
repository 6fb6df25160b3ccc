import { CliError, exitFailure, exitOk, exitUsage } from './cli-error.js';
import type { Io } from './io.js';

/**
 * Says on stderr what failed, why, and what to try.
 * @returns the exit code
 */
export async function reportFailure(error: unknown, io: Io): Promise<number> {
  // The reader of our output left, as `head` does when it has enough: that is no failure.
  if (codeOf(error) === 'EPIPE') return exitOk;
  for (const line of describeFailure(error, io)) await say(line, io);
  return error instanceof CliError && error.code === 'USAGE' ? exitUsage : exitFailure;
}

/** A remark beside the output, which does not end the command. */
export async function say(line: string, io: Io): Promise<void> {
  // Names from the kernel and words of the user stand in it. Loaded here, since most runs have no failure.
  const { escapeText } = await import('@lw/watch');
  try {
    await io.stderr.write(`lw: ${escapeText(line)}\n`);
  } catch {
    // Nobody reads stderr: there is no one left to tell.
  }
}

function describeFailure(error: unknown, io: Io): readonly string[] {
  if (error instanceof CliError) return [error.message, ...error.tries];
  if (!(error instanceof Error)) return [`unexpected: ${String(error)}`];
  if (error.name !== 'Error' && codeOf(error) !== undefined) return [error.message];
  if (codeOf(error) !== undefined) return [systemFailure(error)];
  return [
    `unexpected: ${error.message}; this is a fault of lw, please report it`,
    ...(io.env.LW_DEBUG === undefined
      ? ['set LW_DEBUG=1 to see where']
      : (error.stack ?? '').split('\n')),
  ];
}

/** Node's own errors, 'ENOSPC: no space left on device, write': the words first. */
function systemFailure(error: Error): string {
  const [, code, text, call] = /^([A-Z0-9_]+): (.*), (\w+)/.exec(error.message) ?? [];
  return code === undefined ? error.message : `${text} (${code} in ${call})`;
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
