import type { DecodedMessage } from '@lw/codec';
import {
  applyMessage,
  type Change,
  linkKey,
  type Mirror,
  removeAddress,
  removeLink,
  sortedLinks,
} from './mirror.js';

/** The tables as a dump gave them, and the keys that messages changed since it began. */
export interface TableView {
  readonly rows: ReadonlyMap<string, DecodedMessage>;
  readonly touched: ReadonlySet<string>;
  /** False: rows may be missing (K20), so what no row shows may live all the same. */
  readonly complete: boolean;
}

/** Makes the mirror what the rows say, except where messages said something newer. */
export function reconcile(mirror: Mirror, tables: TableView): Change[] {
  const { rows, touched } = tables;
  const arrival = { nsid: undefined, why: 'resync', touched } as const;
  const apply = (row: DecodedMessage) => applyMessage(mirror, row, arrival).changes;
  const changes = tables.complete ? sweepLinks(mirror, tables) : [];
  const fresh = [...rows].filter(([key]) => !touched.has(key));
  for (const [, row] of fresh.filter(([, { op }]) => op === 'newlink')) changes.push(...apply(row));
  if (tables.complete) {
    changes.push(...sweepAddresses(mirror, tables));
    forgetOrphans(mirror);
  }
  for (const [key, row] of fresh) {
    // An address of a link that went while the dump ran has no link.
    const isOfLink = mirror.links.has(key.slice(0, key.indexOf('/')));
    if (row.op === 'newaddr' && isOfLink) changes.push(...apply(row));
  }
  return changes;
}

function sweepLinks(mirror: Mirror, tables: TableView): Change[] {
  const changes: Change[] = [];
  for (const link of sortedLinks(mirror)) {
    const key = linkKey(link.nsid, link.ifindex);
    if (link.nsid !== undefined || tables.rows.has(key) || tables.touched.has(key)) continue;
    changes.push(removeLink(mirror, link, 'resync'));
  }
  return changes;
}

function sweepAddresses(mirror: Mirror, tables: TableView): Change[] {
  const changes: Change[] = [];
  for (const { nsid, ifindex } of sortedLinks(mirror)) {
    if (nsid !== undefined) continue;
    const key = linkKey(nsid, ifindex);
    for (const name of [...(mirror.addresses.get(key)?.keys() ?? [])]) {
      const full = `${key}/${name}`;
      if (tables.rows.has(full) || tables.touched.has(full)) continue;
      changes.push(...removeAddress(mirror, key, name, 'resync'));
    }
  }
  return changes;
}

/**
 * Addresses whose link was never seen, its messages being lost: the next device of that index must not get
 * them. Known to be so only now, with all links of our own namespace read.
 */
function forgetOrphans({ links, addresses }: Mirror): void {
  const ours = linkKey(undefined, 0).slice(0, -1);
  for (const key of [...addresses.keys()]) {
    if (key.startsWith(ours) && !links.has(key)) addresses.delete(key);
  }
}
