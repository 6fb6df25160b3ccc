import { CliError } from './cli-error.js';
import type { Io, Output } from './io.js';
import { systemCode, systemText } from './system-error.js';

/** The same outside, where a write to stdout that fails says what could not be written. */
export function namingStdout(io: Io): Io {
  const stdout: Output = {
    isTTY: io.stdout.isTTY,
    // A terminal changes its width while we run.
    get columns() {
      return io.stdout.columns;
    },
    write: (text) => io.stdout.write(text).catch(rethrowNamed),
  };
  return { ...io, stdout };
}

function rethrowNamed(error: unknown): never {
  // A reader that left is no failure, and is known by this code.
  if (systemCode(error) === 'EPIPE') throw error;
  throw new CliError({
    code: 'NO_OUTPUT',
    message: `cannot write to standard output: ${systemText(error)}`,
  });
}
