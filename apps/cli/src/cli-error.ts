import { LinkwatchError } from '@lw/codec/errors';

/** Exit codes of lw. */
export const exitOk = 0;
export const exitFailure = 1;
export const exitUsage = 2;

export type CliErrorCode = 'USAGE' | 'NO_SUCH_LINK' | 'NO_FILE' | 'NO_OUTPUT';

export interface CliErrorInit {
  readonly code: CliErrorCode;
  /** What was wanted and why it cannot be. */
  readonly message: string;
  /** What to try, a sentence each. */
  readonly tries?: readonly string[];
}

/** A failure in words for the user. */
export class CliError extends LinkwatchError {
  declare readonly code: CliErrorCode;
  readonly tries: readonly string[];

  constructor({ code, message, tries = [] }: CliErrorInit) {
    super(code, message);
    this.tries = tries;
  }
}

/** The command line itself is wrong: exit code 2. */
export function usageError(message: string, ...tries: string[]): CliError {
  return new CliError({ code: 'USAGE', message, tries });
}
