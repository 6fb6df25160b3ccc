import { rtAddr } from '@lw/codec/families/rt-addr';
import { rtLink } from '@lw/codec/families/rt-link';

/** Masks of single bits with their names. */
export type BitNames = readonly (readonly [number, string])[];

function namesOf(entries: Readonly<Record<string, number>> | undefined): BitNames {
  return Object.entries(entries ?? {}).map(([name, bit]) => [1 << bit, name]);
}

/** IFF_*, by the names of the kernel's specification. */
export const linkBits: BitNames = namesOf(rtLink.model.table.enums['ifinfo-flags']?.entries);

/** IFA_F_*. */
export const addressBits: BitNames = namesOf(rtAddr.model.table.enums['ifa-flags']?.entries);
