import {
  flagNames,
  IFA_F_DADFAILED,
  IFA_F_DEPRECATED,
  IFA_F_MANAGETEMPADDR,
  IFA_F_NOPREFIXROUTE,
  IFA_F_OPTIMISTIC,
  IFA_F_PERMANENT,
  IFA_F_SECONDARY,
  IFA_F_STABLE_PRIVACY,
  IFA_F_TENTATIVE,
} from '@lw/codec';
import { rtLink } from '@lw/codec/families/rt-link';
import { type AddressState, escapeText, type LinkState } from '@lw/watch';
import { addressText, kindText, nameTable } from './link-words.js';

/** A label and its text; several with one label stand below each other. */
export type Detail = readonly [label: string, text: string];

/** IF_OPER_*, by number, `<linux/if.h>`. */
const operstates = [
  'unknown',
  'not-present',
  'down',
  'lower-layer-down',
  'testing',
  'dormant',
  'up',
] as const;
const linkmodes = ['default', 'dormant', 'testing'] as const;

/** All that the mirror has of a link, for people. What is not known is left out. */
export function linkDetails(link: LinkState, links: readonly LinkState[]): readonly Detail[] {
  return [...identity(link), ...state(link), ...wire(link), ...neighbours(link, links)];
}

/** Each address with all that the kernel says of it. */
export function addressDetails({ addresses }: LinkState): readonly Detail[] {
  return addresses.map((address): Detail => ['address', describeAddress(address)]);
}

function identity(link: LinkState): readonly Detail[] {
  const { ifindex, altnames, alias, portKind } = link;
  return [
    ['index', `${ifindex}`],
    ...altnames.map((name): Detail => ['altname', escapeText(name)]),
    ...detail('alias', alias === undefined ? undefined : escapeText(alias)),
    [
      'kind',
      portKind === undefined
        ? kindText(link)
        : `${kindText(link)}, port of a ${escapeText(portKind)}`,
    ],
  ];
}

function state(link: LinkState): readonly Detail[] {
  const { kernel, assumed, level, operstate, linkmode, carrier, protoDown, flags } = link;
  const facts = [
    assumed ? `${kernel}, assumed from the carrier` : kernel,
    `operstate ${operstates[operstate] ?? operstate}`,
    ...(carrier === undefined ? [] : [carrier ? 'carrier' : 'no carrier']),
    ...(linkmode === undefined || linkmode === 0
      ? []
      : [`mode ${linkmodes[linkmode] ?? linkmode}`]),
    ...(protoDown ? ['held down by protocol'] : []),
  ];
  return [
    ['state', facts.join(', ')],
    ['level', level],
    ['flags', flagText(flags)],
    ...carrierCounts(link),
  ];
}

function carrierCounts({ carrierUpCount, carrierDownCount }: LinkState): readonly Detail[] {
  if (carrierUpCount === undefined || carrierDownCount === undefined) return [];
  return [['carrier', `came ${times(carrierUpCount)}, went ${times(carrierDownCount)}`]];
}

function wire(link: LinkState): readonly Detail[] {
  const { mtu, address, permanentAddress, qdisc, txqlen, group } = link;
  const permanent =
    permanentAddress === undefined || permanentAddress === address ? undefined : permanentAddress;
  return [
    ...detail('mtu', mtu),
    ...detail('mac', address),
    ...detail('permanent', permanent),
    ...detail('queue', qdisc === undefined ? undefined : `${escapeText(qdisc)}, length ${txqlen}`),
    ...detail('group', group === 0 ? undefined : group),
  ];
}

function neighbours(link: LinkState, links: readonly LinkState[]): readonly Detail[] {
  const nameOf = nameTable(links);
  const isPort = ({ master }: LinkState) => master === link.ifindex;
  const isUpper = (other: LinkState) => other.lower === link.ifindex && isStacked(other);
  return [
    ...detail('master', link.master === undefined ? undefined : nameOf(link.master)),
    ...detail(isStacked(link) ? 'lower' : 'peer', lowerText(link, nameOf)),
    ...names('upper', links.filter(isUpper)),
    ...names('ports', links.filter(isPort)),
  ];
}

/** The other end of a veth or netkit stands where others have the device below. */
function isStacked({ kind, lowerNsid }: LinkState): boolean {
  return lowerNsid === undefined && kind !== 'veth' && kind !== 'netkit' && kind !== 'vxcan';
}

function lowerText(
  { lower, lowerNsid }: LinkState,
  nameOf: (ifindex: number) => string,
): string | undefined {
  if (lower === undefined || lower === 0) return undefined;
  if (lowerNsid === undefined) return nameOf(lower);
  return `index ${lower} in namespace ${lowerNsid < 0 ? 'unknown' : lowerNsid}`;
}

function names(label: string, links: readonly LinkState[]): readonly Detail[] {
  const text = links.map(({ ifname }) => escapeText(ifname)).join(' ');
  return text === '' ? [] : [[label, text]];
}

const addressFlags: readonly (readonly [number, string])[] = [
  [IFA_F_TENTATIVE, 'tentative'],
  [IFA_F_DADFAILED, 'duplicate'],
  [IFA_F_OPTIMISTIC, 'optimistic'],
  [IFA_F_DEPRECATED, 'deprecated'],
  [IFA_F_MANAGETEMPADDR, 'manages-temporary'],
  [IFA_F_NOPREFIXROUTE, 'no-prefix-route'],
  [IFA_F_STABLE_PRIVACY, 'stable-privacy'],
];

/** Seconds that mean for ever: all bits set. */
const forever = 0xffff_ffff;

function describeAddress(address: AddressState): string {
  const { family, scope, flags, validSeconds, preferredSeconds, broadcast, label } = address;
  // One bit, two names: IPv6 calls a secondary address temporary (`<linux/if_addr.h>`).
  const secondary = family === 'inet6' ? 'temporary' : 'secondary';
  const named = addressFlags.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  return [
    addressText(address),
    `scope ${scope}`,
    ...((flags & IFA_F_SECONDARY) === 0 ? [] : [secondary]),
    ...named,
    ...((flags & IFA_F_PERMANENT) === 0 ? [lifetime(validSeconds, preferredSeconds)] : []),
    ...(broadcast === undefined ? [] : [`broadcast ${broadcast}`]),
    ...(label === undefined ? [] : [`label ${escapeText(label)}`]),
  ].join(', ');
}

function lifetime(validSeconds = forever, preferredSeconds = forever): string {
  return `valid ${secondsText(validSeconds)}, preferred ${secondsText(preferredSeconds)}`;
}

function secondsText(seconds: number): string {
  return seconds === forever ? 'for ever' : `${seconds} s`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function detail(label: string, value: string | number | undefined): readonly Detail[] {
  return value === undefined ? [] : [[label, `${value}`]];
}

/** IFF_*, as the link family's tables name them. */
function flagText(flags: number): string {
  const bits = Object.entries(rtLink.model.table.enums['ifinfo-flags']?.entries ?? {});
  const names = {
    name: 'ifinfo-flags',
    flags: true,
    nameOf: new Map(bits.map(([bit, number]) => [number, bit])),
    valueOf: new Map(bits),
  };
  return flagNames(names, flags).join(' ') || 'none';
}
