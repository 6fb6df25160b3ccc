import { CliError, exitFailure, exitOk, exitUsage } from './cli-error.js';
import type { Io } from './io.js';
import { systemCode, systemText } from './system-error.js';

/**
 * Says on stderr what failed, why, and what to try.
 * @returns the exit code
 */
export async function reportFailure(error: unknown, io: Io): Promise<number> {
  // The reader of our output left, as `head` does when it has enough: that is no failure.
  if (systemCode(error) === 'EPIPE') return exitOk;
  for (const line of describeFailure(error, io)) await say(line, io);
  return error instanceof CliError && error.code === 'USAGE' ? exitUsage : exitFailure;
}

/** A remark beside the output, which does not end the command. */
export async function say(line: string, io: Io): Promise<void> {
  const text = await escaped(line);
  try {
    await io.stderr.write(`lw: ${text}\n`);
  } catch {
    // Nobody reads stderr: there is no one left to tell.
  }
}

/** Names from the kernel and words of the user stand in it. */
async function escaped(line: string): Promise<string> {
  try {
    // Loaded here, since most runs have no failure.
    const { escapeText } = await import('@lw/watch');
    return escapeText(line);
  } catch {
    // Modules cannot be read when files cannot be opened (EMFILE): that must still be told.
    return line.replace(/[^ -~]/g, '?');
  }
}

function describeFailure(error: unknown, io: Io): readonly string[] {
  if (error instanceof CliError) return [error.message, ...error.tries];
  if (!(error instanceof Error)) return [`unexpected: ${String(error)}`];
  if (error.name !== 'Error' && systemCode(error) !== undefined) return [error.message];
  const code = systemCode(error);
  if (code === 'EMFILE') return [systemText(error), 'raise the limit of open files: ulimit -n 256'];
  if (code !== undefined) return [systemText(error)];
  return [
    `unexpected: ${error.message}; this is a fault of lw, please report it`,
    ...(io.env.LW_DEBUG === undefined
      ? ['set LW_DEBUG=1 to see where']
      : (error.stack ?? '').split('\n')),
  ];
}
