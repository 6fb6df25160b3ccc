/** What differs between two looks at one thing, as far as it means something (K10). */
import { IFF_DORMANT, IFF_LOWER_UP, IFF_RUNNING, IFF_UP } from '@lw/codec';
import type { Changes, Reason } from './event.js';
import type { AddressState, LinkState } from './link.js';

/** Bits that say what the kernel state says already. */
const stateFlags = IFF_UP | IFF_RUNNING | IFF_LOWER_UP | IFF_DORMANT;

/** Counters and what follows from them are no change of a link. */
const plainFields = [
  'altnames',
  'alias',
  'kind',
  'portKind',
  'type',
  'mtu',
  'address',
  'permanentAddress',
  'master',
  'lower',
  'lowerNsid',
  'qdisc',
  'txqlen',
  'group',
  'linkmode',
  'protoDown',
] as const satisfies readonly (keyof LinkState)[];

/** Differences besides name, kernel state and level. */
export function fieldChanges(before: LinkState, after: LinkState): Changes {
  const changes: Record<string, readonly [unknown, unknown]> = {};
  for (const field of plainFields) {
    if (!isSame(before[field], after[field])) changes[field] = [before[field], after[field]];
  }
  const [was, is] = [before.flags & ~stateFlags, after.flags & ~stateFlags];
  if (was !== is) changes.flags = [was >>> 0, is >>> 0];
  return changes;
}

/** Differences of kernel state and level. */
export function stateChanges(before: LinkState, after: LinkState): Changes {
  return {
    ...(before.kernel === after.kernel ? {} : { kernel: [before.kernel, after.kernel] as const }),
    ...levelChange(before, after),
  };
}

export function levelChange(before: LinkState, after: LinkState): Changes {
  return before.level === after.level ? {} : { level: [before.level, after.level] };
}

/**
 * Lifetimes are not compared: every router advertisement sets them anew, and IFA_F_PERMANENT tells the
 * endless ones apart.
 */
const addressFields = [
  'prefixLength',
  'peer',
  'broadcast',
  'label',
  'scope',
  'flags',
  'protocol',
] as const satisfies readonly (keyof AddressState)[];

export function addressChanges(before: AddressState, after: AddressState): Changes {
  const changes: Record<string, readonly [unknown, unknown]> = {};
  for (const field of addressFields) {
    if (before[field] !== after[field]) changes[field] = [before[field], after[field]];
  }
  return changes;
}

/** Why the kernel state went from one to the other. */
export function stateReason(before: LinkState, after: LinkState): Reason {
  if (((before.flags ^ after.flags) & IFF_UP) !== 0) return 'admin';
  const lower = before.kernel === 'lower-layer-down' || after.kernel === 'lower-layer-down';
  return lower ? 'lower' : 'carrier';
}

/** Counters of 32 bits: a step back of more than half of them is a reset, not a count. */
const counterHalf = 0x8000_0000;

/**
 * Losses of the carrier that no message showed, from the counter of losses less the one that the two looks
 * show themselves (K1).
 */
export function hiddenFlaps(before: LinkState, after: LinkState): number {
  if (before.carrierDownCount === undefined || after.carrierDownCount === undefined) return 0;
  const losses = (after.carrierDownCount - before.carrierDownCount) >>> 0;
  if (losses >= counterHalf) return 0;
  const seen = before.carrier === true && after.carrier === false ? 1 : 0;
  return Math.max(0, losses - seen);
}

function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
