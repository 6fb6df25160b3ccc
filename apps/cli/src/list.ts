import { escapeText, type LinkState, linkToJson, readLinks } from '@lw/watch';
import type { Arguments } from './arguments.js';
import { exitOk, usageError } from './cli-error.js';
import type { Command } from './command.js';
import { say } from './failure.js';
import type { Io } from './io.js';
import { jsonLine } from './json-line.js';
import { addressCell, kindText, nameTable, stateText } from './link-words.js';
import { paintFor, stateColor } from './paint.js';
import { type Column, renderTable } from './table.js';

export const list: Command = {
  name: 'list',
  usage: '[OPTIONS]',
  description: `Shows the links of the network namespace that it runs in, by index, below a header line.

STATE is the kernel's: up, down, lower-layer-down (what it stands on has no carrier),
dormant, testing, not-present, or admin-down (nobody wants it up). A ? means that the
driver does not say, and the state is taken from the carrier.
LEVEL is how far it can be used: none, carrier, addressed (an address of any scope),
routable (an address of global scope). Addresses that are tentative do not count.
ADDRESSES writes 1.1.1.1>2.2.2.2/32 for what ip calls 1.1.1.1 peer 2.2.2.2/32, so that it
holds no spaces.

A terminal that is narrow gets fewer columns. A pipe gets all of them in full, in this
order; an empty one is a dash, so that columns can be counted.`,
  options: [],
  examples: [
    ['lw', 'the same'],
    ["lw list | awk '$2 ~ /^up/ {print $1}'", 'names of the links that are up'],
    ['lw list --json', 'every field of every link'],
  ],
  run: runList,
};

async function runList(args: Arguments, io: Io): Promise<number> {
  const [extra] = args.positionals;
  if (extra !== undefined) {
    throw usageError('lw list takes no names', `to show one link: lw show ${extra}`);
  }
  const paint = paintFor(args, io, io.stdout);
  const source = await io.openSource();
  try {
    const { links, interrupted } = await readLinks(source);
    if (interrupted) await say('the links changed while they were read: some may be stale', io);
    const text = args.values.has('json')
      ? links.map((link) => jsonLine(linkToJson(link))).join('')
      : renderTable(columnsOf(links), links, { width: io.stdout.columns, paint });
    await io.stdout.write(text);
  } finally {
    await source.close();
  }
  return exitOk;
}

/** The order is part of what scripts rely on; new columns go to the end. */
function columnsOf(links: readonly LinkState[]): readonly Column<LinkState>[] {
  const nameOf = nameTable(links);
  return [
    { title: 'NAME', dropOrder: 0, cell: ({ ifname }) => escapeText(ifname) },
    { title: 'STATE', dropOrder: 1, cell: stateText, color: ({ kernel }) => stateColor(kernel) },
    { title: 'LEVEL', dropOrder: 3, cell: ({ level }) => level },
    { title: 'KIND', dropOrder: 5, cell: kindText },
    { title: 'MTU', dropOrder: 7, cell: ({ mtu }) => `${mtu ?? ''}` },
    {
      title: 'MASTER',
      dropOrder: 4,
      cell: ({ master }) => (master === undefined ? '' : nameOf(master)),
    },
    { title: 'MAC', dropOrder: 6, cell: ({ address }) => escapeText(address ?? '') },
    {
      title: 'ADDRESSES',
      dropOrder: 2,
      minWidth: 18, // an IPv4 address with its prefix
      cell: ({ addresses }) => addresses.map(addressCell).join(','),
    },
  ];
}
