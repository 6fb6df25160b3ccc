import { CliError, usageError } from './cli-error.js';
import { systemCode, systemText } from './system-error.js';

const advice: Readonly<Record<string, string>> = {
  ENOENT: 'check the name, or use - for stdin',
  ENOTDIR: 'check the name, or use - for stdin',
  EISDIR: 'name a file in it',
  EACCES: 'its permissions keep you out: see ls -l',
  EPERM: 'its permissions keep you out: see ls -l',
};

/** What `path` is when it was meant to be the input itself: a nlmsghdr has 32 digits. */
const digitsOfMessage = /^[0-9a-f]{32,}$/i;

/** A file that cannot be read, with what to try. stdin has no path. */
export function fileError(error: unknown, path: string | undefined): CliError {
  const name = path === undefined ? 'standard input' : `'${path}'`;
  const tries =
    path !== undefined && digitsOfMessage.test(path)
      ? ['to decode these digits: echo DIGITS | lw decode --hex']
      : adviceFor(systemCode(error), path);
  return new CliError({
    code: 'NO_FILE',
    message: `cannot read ${name}: ${systemText(error)}`,
    tries,
  });
}

/** No file has the empty name: a variable of the shell that was not set, most often. */
export function emptyNameError(): CliError {
  return usageError('the name of the file is empty', 'name a file, or use - for stdin');
}

function adviceFor(code: string | undefined, path: string | undefined): readonly string[] {
  const known = code === undefined || path === undefined ? undefined : advice[code];
  return known === undefined ? [] : [known];
}
