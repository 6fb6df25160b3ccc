import { type CliError, usageError } from './cli-error.js';
import { closest } from './suggestion.js';

export interface UnknownWord {
  readonly what: string;
  readonly word: string;
  /** What it may have been meant to be. */
  readonly candidates: Iterable<string>;
  /** What to list; default: the candidates. */
  readonly known?: readonly string[];
}

/** A word that names nothing: with the nearest that does, and all of them. */
export function unknownWord({ what, word, candidates, known }: UnknownWord): CliError {
  const near = closest(word.toLowerCase(), candidates);
  return usageError(
    `there is no ${what} '${word}' here`,
    ...(near === undefined ? [] : [`did you mean ${near}?`]),
    `known: ${(known ?? [...candidates]).join(', ')}`,
  );
}
