import { escapeText, type LinkState } from '@lw/watch';
import { CliError } from './cli-error.js';
import { closest } from './suggestion.js';

/** Whether a user who writes `word` means this link: by name, alternative name or index, in this order. */
const readings: readonly ((link: LinkState, word: string) => boolean)[] = [
  ({ ifname }, word) => ifname === word,
  ({ altnames }, word) => altnames.includes(word),
  ({ ifindex }, word) => `${ifindex}` === word,
  // As lw shows a name that holds control bytes: there is no other way to write some of them.
  ({ ifname, altnames }, word) => [ifname, ...altnames].some((name) => escapeText(name) === word),
];

/** The link that is meant, or undefined. */
export function matchLink(links: readonly LinkState[], word: string): LinkState | undefined {
  for (const means of readings) {
    const found = links.find((link) => means(link, word));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws CliError 'NO_SUCH_LINK' with the name that was probably meant */
export function findLink(links: readonly LinkState[], word: string): LinkState {
  const found = matchLink(links, word);
  if (found !== undefined) return found;
  const near = nearestName(links, word);
  throw new CliError({
    code: 'NO_SUCH_LINK',
    message: `there is no link '${word}' in this network namespace`,
    tries: near === undefined ? [] : [`did you mean ${near}?`],
  });
}

export function nearestName(links: readonly LinkState[], word: string): string | undefined {
  return closest(
    word,
    links.flatMap(({ ifname, altnames }) => [ifname, ...altnames]),
  );
}
