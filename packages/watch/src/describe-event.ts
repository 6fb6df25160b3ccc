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
  return event.interrupted ? `${text}; the tables changed while they were read` : text;
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
      return `address ${addressText(event.address)} added${others(event.changes)}`;
    case 'address-changed':
      return `address ${addressText(event.address)}: ${list(event.changes)}`;
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

/** Changes that the line does not say already. */
function others(changes: Changes): string {
  const { kernel: _, ...rest } = changes;
  return Object.keys(rest).length === 0 ? '' : `, ${list(rest)}`;
}

function list(changes: Changes): string {
  return Object.entries(changes)
    .map(([field, [before, after]]) => `${field} ${value(before, field)} -> ${value(after, field)}`)
    .join(', ');
}

function value(item: unknown, field = ''): string {
  if (item === undefined || item === null) return 'none';
  if (Array.isArray(item))
    return item.length === 0 ? 'none' : item.map((one) => value(one)).join(' ');
  if (field === 'flags' && typeof item === 'number') return `0x${item.toString(16)}`;
  return escapeText(String(item));
}

function assertNever(event: never): never {
  throw new Error(`unknown event ${JSON.stringify(event)}`);
}
