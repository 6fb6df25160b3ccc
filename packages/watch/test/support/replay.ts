/** The links that a reader of the events alone would know, and complaints about events that contradict. */
import { IFF_DORMANT, IFF_LOWER_UP, IFF_RUNNING, IFF_UP } from '@lw/codec';
import type { LinkEvent, LinkState, WatchEvent } from '@lw/watch';

/** What events tell about a link: counters, lifetimes and what `kernel` says already are left out. */
export function known(links: readonly LinkState[]): unknown[] {
  return links.map((link) => ({
    ifindex: link.ifindex,
    generation: link.generation,
    ifname: link.ifname,
    kernel: link.kernel,
    level: link.level,
    mtu: link.mtu,
    address: link.address,
    master: link.master,
    flags: link.flags & ~(IFF_UP | IFF_RUNNING | IFF_LOWER_UP | IFF_DORMANT),
    addresses: link.addresses.map((one) => `${one.address}/${one.flags}`).sort(),
  }));
}

export function replay(events: readonly WatchEvent[]): readonly LinkState[] {
  const links = new Map<number, LinkState>();
  for (const event of events) if ('ifindex' in event) apply(links, event);
  return [...links.values()].sort((a, b) => a.ifindex - b.ifindex);
}

function apply(links: Map<number, LinkState>, event: LinkEvent): void {
  const link = links.get(event.ifindex);
  if (event.kind === 'link-added') {
    if (link !== undefined) throw new Error(`link ${event.ifindex} is added twice`);
    links.set(event.ifindex, {
      ...event.link,
      addresses: event.reason === 'initial' ? [] : event.link.addresses,
    });
    return;
  }
  if (link === undefined) throw new Error(`${event.kind} of a link that is not there`);
  if (link.generation !== event.generation) throw new Error(`${event.kind} of another generation`);
  if (event.kind === 'link-removed' || event.kind === 'link-moved') links.delete(event.ifindex);
  else links.set(event.ifindex, { ...changed(link, event), addresses: addresses(link, event) });
}

function changed(link: LinkState, event: LinkEvent): LinkState {
  const fields = link as unknown as Readonly<Record<string, unknown>>;
  const after: Record<string, unknown> = {};
  for (const [field, [old, now]] of Object.entries(event.changes)) {
    const isOfAddress = event.kind === 'address-changed' && field !== 'level';
    if (isOfAddress || event.kind === 'link-flapped') continue;
    if (field !== 'flags' && fields[field] !== old) {
      throw new Error(`${event.kind}: ${field} was ${fields[field]}, not ${old}`);
    }
    after[field] = now;
  }
  return { ...link, ...after };
}

function addresses(link: LinkState, event: LinkEvent): LinkState['addresses'] {
  if (!('address' in event)) return link.addresses;
  const others = link.addresses.filter(({ address }) => address !== event.address.address);
  const isKnown = others.length < link.addresses.length;
  if (isKnown !== (event.kind !== 'address-added'))
    throw new Error(`${event.kind}: known ${isKnown}`);
  return event.kind === 'address-removed' ? others : [...others, event.address];
}
