import { eventToJson, type LinkWatcher, type WatchEvent, watchLinks } from '@lw/watch';
import { type Arguments, optionValue } from './arguments.js';
import { exitFailure, usageError } from './cli-error.js';
import type { Command } from './command.js';
import { eventLine } from './event-line.js';
import { say } from './failure.js';
import { matchLink, nearestName } from './find-link.js';
import type { Io } from './io.js';
import { jsonLine } from './json-line.js';
import { LinkFilter } from './link-filter.js';
import { NamedChanges } from './named-changes.js';
import { paintFor } from './paint.js';

export const watch: Command = {
  name: 'watch',
  usage: '[LINK…] [OPTIONS]',
  description: `Shows the links as they are, a line each, then a line for each thing that happens to them,
with the local time, until Ctrl-C. What the kernel tells between the two is not missed.
Some changes it does not tell: altname, alias and group of a link that is down, a qdisc
that tc changes. They are seen with the link's next message. When the kernel drops
notifications lw watch says so, reads all links again and shows what differs.

LINK is a name, an alternative name or an index; a link that is not there yet may be named.
A link that is renamed is told under both names; later events go by the new one.

With --json each event is one object, from the first look on; kind tells what it is. seq
counts all events of the watcher: with a LINK it has gaps where others were left out.

Exit codes: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP, as a shell counts them.`,
  options: [
    {
      name: 'rcvbuf',
      value: 'BYTES',
      help: 'receive buffer to ask the kernel for (default 4 MiB)',
    },
  ],
  examples: [
    ['lw watch', 'all links'],
    ['lw watch eth0 wlan0', 'two of them'],
    ['lw watch --json | jq -r \'select(.kind == "link-down").ifname\'', 'for scripts'],
  ],
  run: runWatch,
};

async function runWatch(args: Arguments, io: Io): Promise<number> {
  const describe = descriptionOf(args, io);
  const rcvbuf = rcvbufBytes(args);
  // A variable of the shell that was not set, most often: nothing would ever be shown.
  if (args.positionals.includes('')) {
    throw usageError('the name of the link is empty', 'leave it away to watch all links');
  }
  const source = await io.openSource(rcvbuf === undefined ? {} : { rcvbufBytes: rcvbuf });
  try {
    const watcher = watchLinks(source, { clock: io.clock, epoch: io.epoch, signal: io.signal });
    const filter = new LinkFilter(args.positionals);
    for await (const event of watcher) {
      if (isEndOfFirstLook(event)) await remarkOnAbsent(args.positionals, watcher, io);
      // Told or not, it is described: descriptions know the names that events taught.
      const text = describe(event);
      if (filter.lets(event) && text !== '') await io.stdout.write(text);
    }
  } finally {
    await source.close();
  }
  // Watching has no end of its own: a signal leaves this loop by an exception.
  await say('the notifications of the kernel ended; start lw watch again', io);
  return exitFailure;
}

function descriptionOf(args: Arguments, io: Io): (event: WatchEvent) => string {
  if (args.values.has('json')) return (event) => jsonLine(eventToJson(event));
  const paint = paintFor(args, io, io.stdout);
  const named = new NamedChanges();
  return (event) => eventLine(named.of(event), { paint, width: io.stdout.columns });
}

/** SO_RCVBUF is an int. */
const maxRcvbufBytes = 2 ** 31 - 1;

function rcvbufBytes(args: Arguments): number | undefined {
  const text = optionValue(args, 'rcvbuf');
  if (text === undefined) return undefined;
  const bytes = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (bytes >= 1 && bytes <= maxRcvbufBytes) return bytes;
  throw usageError(
    `--rcvbuf cannot be '${text}'`,
    `give a number of bytes from 1 to ${maxRcvbufBytes}, such as 4194304 for 4 MiB`,
  );
}

function isEndOfFirstLook(event: WatchEvent): boolean {
  return event.kind === 'sync-ended' && event.reason === 'initial';
}

/** A name may come later, or be mistyped: only the user knows. */
async function remarkOnAbsent(
  words: readonly string[],
  watcher: LinkWatcher,
  io: Io,
): Promise<void> {
  const links = watcher.snapshot();
  for (const word of words) {
    if (matchLink(links, word) !== undefined) continue;
    const near = nearestName(links, word);
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    await say(`there is no link '${word}' yet: waiting for it${meant}`, io);
  }
}
