import { IFA_F_DADFAILED, IFA_F_TENTATIVE } from '@lw/codec';
import { addressBits, type BitNames, linkBits } from './bit-names.js';
import { escapeText } from './escape.js';
import type { Changes, LinkEvent, WatchEvent } from './event.js';
import type { AddressState } from './link.js';

/** An event as one line of plain text, without its time; names are escaped (K36). */
export function describeEvent(event: WatchEvent): string {
  switch (event.kind) {
    case 'sync-started':
      return event.reason === 'initial' ? 'reading links' : 'reading links again';
    case 'sync-ended':
      return describeEnd(event);
    case 'overrun':
      return 'overrun: the kernel dropped notifications';
    default:
      return `${who(event)}: ${describeLinkEvent(event)}`;
  }
}

function describeEnd(event: Extract<WatchEvent, { kind: 'sync-ended' }>): string {
  const repairs =
    event.repairs === 1 ? '1 difference mended' : `${event.repairs} differences mended`;
  const text = event.reason === 'initial' ? 'in step with the kernel' : `in step again, ${repairs}`;
  const lost = event.overruns > 1 ? `, after ${event.overruns} overruns` : '';
  const blend = event.interrupted ? '; the tables changed while they were read' : '';
  return `${text}${lost}${blend}`;
}

function who({ ifname, ifindex, nsid }: LinkEvent): string {
  const place = nsid === undefined ? '' : ` nsid ${nsid}`;
  return `${escapeText(ifname)} (${ifindex}${place})`;
}

function describeLinkEvent(event: LinkEvent): string {
  switch (event.kind) {
    case 'link-added':
      return `added, ${event.to}${because(event)}`;
    case 'link-removed':
      return `removed${because(event)}`;
    case 'link-moved':
      return `moved to namespace ${event.newNsid ?? 'unknown'}`;
    case 'link-renamed':
      return `renamed, was ${value(event.changes.ifname?.[0])}`;
    case 'link-up':
      return `up (${event.reason})${others(event.changes)}`;
    case 'link-down':
      return `${event.to} (${event.reason})${others(event.changes)}`;
    case 'link-flapped':
      return `flapped unseen, carrier lost ${event.hidden === 1 ? 'once' : `${event.hidden} times`}`;
    case 'link-changed':
      return `${list(event.changes)}${because(event)}`;
    case 'address-added':
      return `address ${addressText(event.address)} added${held(event.address)}${others(event.changes)}`;
    case 'address-changed':
      return `address ${addressText(event.address)}: ${list(event.changes, addressBits)}${failed(event)}`;
    case 'address-removed':
      return `address ${addressText(event.address)} removed${others(event.changes)}`;
    default:
      return assertNever(event);
  }
}

function because({ reason }: LinkEvent): string {
  return reason === 'resync' ? ' (found by reading again)' : '';
}

function addressText({ address, prefixLength, peer }: AddressState): string {
  return peer === undefined
    ? `${address}/${prefixLength}`
    : `${address} peer ${peer}/${prefixLength}`;
}

/** Why an address that is there cannot be used yet, or at all (K16). */
function held({ flags }: AddressState): string {
  if ((flags & IFA_F_DADFAILED) !== 0) return ', duplicate';
  return (flags & IFA_F_TENTATIVE) === 0 ? '' : ', tentative';
}

function failed({ address, changes }: Extract<LinkEvent, { kind: 'address-changed' }>): string {
  const before = Number(changes.flags?.[0] ?? address.flags);
  const isNew = (address.flags & ~before & IFA_F_DADFAILED) !== 0;
  return isNew ? ' (another host has this address)' : '';
}

/** Changes that the line does not say already. */
function others(changes: Changes): string {
  const { kernel: _, ...rest } = changes;
  return Object.keys(rest).length === 0 ? '' : `, ${list(rest)}`;
}

function list(changes: Changes, bits: BitNames = linkBits): string {
  return Object.entries(changes)
    .map(([field, [before, after]]) => {
      if (field === 'flags') return bitChanges(bits, Number(before), Number(after));
      return `${labels[field] ?? field} ${value(before)} -> ${value(after)}`;
    })
    .join(', ');
}

/** Fields whose names in words are others. */
const labels: Readonly<Record<string, string>> = {
  address: 'mac',
  permanentAddress: 'permanent mac',
  lowerNsid: 'namespace of the lower',
  portKind: 'port of',
  altnames: 'alternative names',
  txqlen: 'queue length',
  protoDown: 'held down by protocol',
  linkmode: 'link mode',
  prefixLength: 'prefix length',
};

/** Bits that came, with a plus, and bits that went, with a minus. */
function bitChanges(bits: BitNames, before: number, after: number): string {
  const names = [...bits, ...restOf(bits, before ^ after)]
    .filter(([mask]) => ((before ^ after) & mask) !== 0)
    .map(([mask, name]) => `${(after & mask) === 0 ? '-' : '+'}${name}`);
  return names.join(' ');
}

function restOf(bits: BitNames, changed: number): BitNames {
  const rest = bits.reduce((mask, [bit]) => mask & ~bit, changed);
  return rest === 0 ? [] : [[rest, `0x${(rest >>> 0).toString(16)}`]];
}

function value(item: unknown): string {
  if (item === undefined || item === null) return 'none';
  if (Array.isArray(item))
    return item.length === 0 ? 'none' : item.map((one) => value(one)).join(' ');
  return escapeText(String(item));
}

function assertNever(event: never): never {
  throw new Error(`unknown event ${JSON.stringify(event)}`);
}
