import type { DecodedMessage } from '@lw/codec';
import { type LinkState, linkToJson, readLinks } from '@lw/watch';
import { type Arguments, seeHelp } from './arguments.js';
import { cutToWidth } from './cell-width.js';
import { CliError, exitOk, usageError } from './cli-error.js';
import type { Command } from './command.js';
import { reportFailure, say } from './failure.js';
import { findLink } from './find-link.js';
import type { Io } from './io.js';
import { jsonLine } from './json-line.js';
import type { KernelSource } from './kernel-source.js';
import { type Counters, counterDetails, countersOf } from './link-counters.js';
import { addressDetails, linkDetails } from './link-details.js';
import { nameTable, stateText } from './link-words.js';
import { type Paint, paintFor, stateColor } from './paint.js';

export const show: Command = {
  name: 'show',
  usage: 'LINK… [OPTIONS]',
  description: `Shows all that is known of a link: state, addresses, what it stands on and what stands on
it, and its counters. LINK is a name, an alternative name or an index. A link that is not
there is named on stderr, the others are shown, and the exit code is 1.`,
  options: [],
  examples: [
    ['lw show eth0', ''],
    ['lw show 2 --json', 'link of index 2, as one object'],
  ],
  run: runShow,
};

async function runShow(args: Arguments, io: Io): Promise<number> {
  if (args.positionals.length === 0) {
    throw usageError('lw show needs the name of a link', 'lw list shows all links', seeHelp(show));
  }
  const paint = paintFor(args, io, io.stdout);
  const source = await io.openSource();
  try {
    const { links, interrupted } = await readLinks(source);
    if (interrupted) await say('the links changed while they were read: some may be stale', io);
    let exit = exitOk;
    for (const word of args.positionals) {
      const found = await lookUp(source, links, word);
      if (found instanceof CliError) {
        exit = await reportFailure(found, io);
        continue;
      }
      const { link, counters } = found;
      const text = args.values.has('json')
        ? jsonLine(linkJson(link, links, counters))
        : linkText(link, links, { counters, paint, width: io.stdout.columns });
      await io.stdout.write(text);
    }
    // Once, however many names were wrong.
    if (exit !== exitOk) await say('lw list shows all links', io);
    return exit;
  } finally {
    await source.close();
  }
}

/** A link with its counters, or why it has none: as with ls, the other links are shown. */
async function lookUp(
  source: KernelSource,
  links: readonly LinkState[],
  word: string,
): Promise<{ readonly link: LinkState; readonly counters: Counters } | CliError> {
  try {
    const link = findLink(links, word);
    return { link, counters: countersOf(await fullReply(source, link)) };
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
}

/** Between the two looks a link can go. */
async function fullReply(source: KernelSource, link: LinkState): Promise<DecodedMessage> {
  try {
    return await source.getLink(link.ifindex);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENODEV') throw error;
    throw new CliError({
      code: 'NO_SUCH_LINK',
      message: `link '${link.ifname}' was removed while it was read`,
    });
  }
}

function linkJson(link: LinkState, links: readonly LinkState[], counters: Counters): object {
  const named = (ifindex: number | undefined) =>
    links.find((other) => other.ifindex === ifindex)?.ifname;
  return {
    ...linkToJson(link),
    masterName: named(link.master),
    lowerName: link.lowerNsid === undefined ? named(link.lower) : undefined,
    ports: links.filter(({ master }) => master === link.ifindex).map(({ ifname }) => ifname),
    counters,
  };
}

interface TextOptions {
  readonly counters: Counters;
  readonly paint: Paint;
  readonly width: number | undefined;
}

function linkText(link: LinkState, links: readonly LinkState[], options: TextOptions): string {
  const { counters, paint, width } = options;
  const details = [
    ...linkDetails(link, links),
    ...addressDetails(link),
    ...counterDetails(counters),
  ];
  const labelWidth = Math.max(...details.map(([label]) => label.length));
  const lines = details.map(([label, text], index) => {
    // A label that repeats is told once.
    const shown = details[index - 1]?.[0] === label ? '' : label;
    const indent = `  ${shown.padEnd(labelWidth)}  `;
    const fitting = width === undefined ? text : cutToWidth(text, width - indent.length);
    return `${paint('dim', indent)}${fitting}`;
  });
  const title = `${paint('bold', nameTable([link])(link.ifindex))}  ${paint(stateColor(link.kernel), stateText(link))}`;
  return `${[title, ...lines].join('\n')}\n`;
}
