/**
 * The mirror: links and addresses as the kernel has them, changed by messages, telling each change. It knows
 * nothing of dumps and overruns; `step.ts` does.
 */
import type { DecodedMessage } from '@lw/codec';
import {
  addressChanges,
  fieldChanges,
  hiddenFlaps,
  levelChange,
  stateChanges,
  stateReason,
} from './compare.js';
import type { Changes, LinkEvent, LinkEventBase, Reason } from './event.js';
import type { AddressState, LinkState } from './link.js';
import { type AddressMessage, addressKey, isInternetAddress, readAddress } from './read-address.js';
import {
  completeLink,
  isDeviceMessage,
  isFull,
  isSameDevice,
  type LinkMessage,
  readLink,
  withAddresses,
} from './read-link.js';

/** An event before the machine stamps it. */
export type Unstamped<E> = E extends unknown
  ? Omit<E, 'seq' | 'epoch' | 'time' | 'monotonicNs'>
  : never;
export type Change = Unstamped<LinkEvent>;

export interface Mirror {
  readonly links: Map<string, LinkState>;
  /** By link key, then by address key; may stand before their link is known. */
  readonly addresses: Map<string, Map<string, AddressState>>;
  /** Of the newest link. */
  generation: number;
}

export function emptyMirror(): Mirror {
  return { links: new Map(), addresses: new Map(), generation: 0 };
}

export function linkKey(nsid: number | undefined, ifindex: number): string {
  return `${nsid ?? ''}:${ifindex}`;
}

/** Links by namespace (our own first) and index. */
export function sortedLinks(mirror: Mirror): LinkState[] {
  const order = (link: LinkState): number => link.nsid ?? -1;
  return [...mirror.links.values()].sort((a, b) => order(a) - order(b) || a.ifindex - b.ifindex);
}

/** What a message touched: its keys hold newer data than a dump's rows do. */
export interface Applied {
  readonly changes: readonly Change[];
  readonly touched: readonly string[];
}

const nothing: Applied = { changes: [], touched: [] };

/** How a message came. */
export interface Arrival {
  readonly nsid: number | undefined;
  /** Replaces the reason of each change: it was found by reading again. */
  readonly why?: Reason;
  /**
   * Messages were lost or not yet read, an RTM_DELLINK perhaps: a known index may be another device (K7).
   * These keys have a message of this sync; what it said is of the device that is there now.
   */
  readonly touched?: ReadonlySet<string>;
}

/** Applies a notification, or a row of a dump. */
export function applyMessage(mirror: Mirror, message: DecodedMessage, arrival: Arrival): Applied {
  const { nsid, why } = arrival;
  switch (message.op) {
    case 'newlink':
      return newLink(mirror, message as LinkMessage, arrival);
    case 'dellink':
      return delLink(mirror, message as LinkMessage, nsid, why);
    case 'newaddr':
      return newAddress(mirror, message as AddressMessage, nsid, why);
    case 'deladdr':
      return delAddress(mirror, message as AddressMessage, nsid, why);
    default:
      return nothing;
  }
}

function newLink(
  mirror: Mirror,
  message: LinkMessage,
  { nsid, why, touched: newer }: Arrival,
): Applied {
  if (!isDeviceMessage(message)) return nothing;
  const key = linkKey(nsid, message.header.ifiIndex ?? 0);
  const known = mirror.links.get(key);
  // A part of a link that nobody introduced tells too little to show it (K9).
  if (known === undefined && !isFull(message)) return nothing;
  const facts = readLink(message, nsid, known);
  const touched = isFull(message) ? [key] : [];
  if (known !== undefined && (newer === undefined || isSameDevice(known, facts))) {
    const after = completeLink(facts, known.generation, known.addresses);
    mirror.links.set(key, after);
    return { changes: linkChanges(known, after, why), touched };
  }
  const removed = known === undefined ? [] : [replaced(mirror, known, newer, why)];
  mirror.generation += 1;
  const link = completeLink(facts, mirror.generation, addressesOf(mirror, key));
  mirror.links.set(key, link);
  return { changes: [...removed, added(link, why ?? 'created')], touched };
}

/** Takes a link out whose index another has now; of the addresses, those told lately are the other's. */
function replaced(
  mirror: Mirror,
  link: LinkState,
  touched: ReadonlySet<string> = new Set(),
  why: Reason = 'resync',
): Change {
  const key = linkKey(link.nsid, link.ifindex);
  const kept = [...(mirror.addresses.get(key) ?? [])].filter(([name]) =>
    touched.has(`${key}/${name}`),
  );
  const change = removeLink(mirror, link, why);
  mirror.addresses.set(key, new Map(kept));
  return change;
}

/** The link-added of a link. */
export function added(link: LinkState, reason: Reason): Change {
  return { ...about(link, reason), kind: 'link-added', from: 'absent', link };
}

function about(link: LinkState, reason: Reason, changes: Changes = {}): Unstamped<LinkEventBase> {
  const { nsid, ifindex, generation, ifname, kernel } = link;
  return { nsid, ifindex, generation, ifname, reason, from: kernel, to: kernel, changes };
}

/** One message may be several events: name, fields, state, then what the counters betray. */
function linkChanges(before: LinkState, after: LinkState, why: Reason | undefined): Change[] {
  const events: Change[] = [];
  const base = (reason: Reason, changes: Changes) => ({
    ...about(after, why ?? reason, changes),
    from: before.kernel,
  });
  if (before.ifname !== after.ifname) {
    const changes = { ifname: [before.ifname, after.ifname] } as const;
    events.push({ ...base('rename', changes), to: before.kernel, kind: 'link-renamed' });
  }
  const state = stateChanges(before, after);
  const crosses = (before.kernel === 'up') !== (after.kernel === 'up');
  const fields = { ...fieldChanges(before, after), ...(crosses ? {} : state) };
  if (Object.keys(fields).length > 0) {
    const reason = 'kernel' in fields ? stateReason(before, after) : 'change';
    const to = crosses ? before.kernel : after.kernel;
    events.push({ ...base(reason, fields), to, kind: 'link-changed' });
  }
  if (crosses) {
    const kind = after.kernel === 'up' ? 'link-up' : 'link-down';
    events.push({ ...base(stateReason(before, after), state), kind });
  }
  const hidden = hiddenFlaps(before, after);
  if (hidden > 0) events.push(flapped(before, after, hidden, why));
  return events;
}

function flapped(
  before: LinkState,
  after: LinkState,
  hidden: number,
  why: Reason | undefined,
): Change {
  const changes = { carrierDownCount: [before.carrierDownCount, after.carrierDownCount] } as const;
  return { ...about(after, why ?? 'carrier', changes), kind: 'link-flapped', hidden };
}

function delLink(
  mirror: Mirror,
  message: LinkMessage,
  nsid: number | undefined,
  why: Reason | undefined,
): Applied {
  if (!isDeviceMessage(message)) return nothing;
  const key = linkKey(nsid, message.header.ifiIndex ?? 0);
  const known = mirror.links.get(key);
  if (known === undefined) {
    // Addresses may have come while its own message did not: the next of this index must not get them.
    mirror.addresses.delete(key);
    return { changes: [], touched: [key] };
  }
  const removed = removeLink(mirror, known, why ?? 'deleted');
  const { newNetnsid, newIfindex } = message.attrs;
  if (newNetnsid === undefined) return { changes: [removed], touched: [key] };
  // K7: a move to another namespace is a DELLINK here.
  const moved = {
    ...removed,
    kind: 'link-moved',
    reason: why ?? 'namespace',
    newNsid: newNetnsid,
    newIfindex,
  } as Change;
  return { changes: [moved], touched: [key] };
}

/** Takes a link and its addresses out; the addresses go with it, without events of their own. */
export function removeLink(mirror: Mirror, link: LinkState, reason: Reason): Change {
  const key = linkKey(link.nsid, link.ifindex);
  mirror.links.delete(key);
  mirror.addresses.delete(key);
  return { ...about(link, reason), to: 'absent', kind: 'link-removed' };
}

function addressesOf(mirror: Mirror, key: string): AddressState[] {
  return [...(mirror.addresses.get(key)?.values() ?? [])];
}

function newAddress(
  mirror: Mirror,
  message: AddressMessage,
  nsid: number | undefined,
  why: Reason | undefined,
): Applied {
  if (!isInternetAddress(message)) return nothing;
  const key = linkKey(nsid, message.header.ifaIndex ?? 0);
  const address = readAddress(message);
  const name = addressKey(address);
  const known = mirror.addresses.get(key) ?? new Map<string, AddressState>();
  mirror.addresses.set(key, known);
  const before = known.get(name);
  known.set(name, address);
  const { link, level } = refresh(mirror, key);
  const touched = [`${key}/${name}`];
  if (link === undefined) return { changes: [], touched };
  if (before === undefined) {
    const base = about(link, why ?? 'address', level);
    return { changes: [{ ...base, kind: 'address-added', address }], touched };
  }
  const changes = { ...addressChanges(before, address), ...level };
  if (Object.keys(changes).length === 0) return { changes: [], touched };
  const base = about(link, why ?? 'address', changes);
  return { changes: [{ ...base, kind: 'address-changed', address }], touched };
}

function delAddress(
  mirror: Mirror,
  message: AddressMessage,
  nsid: number | undefined,
  why: Reason | undefined,
): Applied {
  if (!isInternetAddress(message)) return nothing;
  const key = linkKey(nsid, message.header.ifaIndex ?? 0);
  const name = addressKey(readAddress(message));
  return {
    changes: removeAddress(mirror, key, name, why ?? 'address'),
    touched: [`${key}/${name}`],
  };
}

/** Takes an address out, if it is there. */
export function removeAddress(mirror: Mirror, key: string, name: string, reason: Reason): Change[] {
  const address = mirror.addresses.get(key)?.get(name);
  if (address === undefined) return [];
  mirror.addresses.get(key)?.delete(name);
  const { link, level } = refresh(mirror, key);
  if (link === undefined) return [];
  return [{ ...about(link, reason, level), kind: 'address-removed', address }];
}

/** Puts the addresses of a link into it, and says what that did to its level. */
function refresh(mirror: Mirror, key: string): { link: LinkState | undefined; level: Changes } {
  const before = mirror.links.get(key);
  if (before === undefined) return { link: undefined, level: {} };
  const link = withAddresses(before, addressesOf(mirror, key));
  mirror.links.set(key, link);
  return { link, level: levelChange(before, link) };
}
