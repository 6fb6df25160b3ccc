import { parseArgs } from 'node:util';

/** What the command line of lwd asks for. */
export type Request =
  | { readonly kind: 'run' }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'wrong'; readonly why: string };

export const usage = `lwd: watches network links and writes each event as a JSON line on standard output

usage: lwd [--help] [--version]

It runs in the foreground until SIGTERM or SIGINT and needs no privileges.
exit codes: 0 ended by a signal, 1 failure, 2 wrong usage
`;

export function readArguments(args: readonly string[]): Request {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } },
    });
    if (values.help === true) return { kind: 'help' };
    return { kind: values.version === true ? 'version' : 'run' };
  } catch (error) {
    return { kind: 'wrong', why: (error as Error).message };
  }
}
