import { AF_UNSPEC, type DecodedMessage } from '@lw/codec';
import type { Ifinfomsg, LinkAttrs } from '@lw/codec/families/rt-link';
import { kernelState, levelOf } from './kernel-state.js';
import type { AddressState, LinkState } from './link.js';

export type LinkMessage = DecodedMessage<Ifinfomsg, LinkAttrs>;

/** What a message says of a link, without what the mirror adds. */
type LinkFacts = Omit<LinkState, 'addresses' | 'level' | 'generation' | 'kernel' | 'assumed'>;

/**
 * Whether a message is about a device. Bridges send RTM_NEWLINK and RTM_DELLINK of family AF_BRIDGE about
 * their ports, the latter for devices that live (K6); IPv6 sends AF_INET6 ones about its settings.
 */
export function isDeviceMessage({ header }: LinkMessage): boolean {
  return (header.ifiFamily ?? AF_UNSPEC) === AF_UNSPEC;
}

/**
 * Whether a message holds all of a link, as rtnl_fill_ifinfo writes it: what is absent there is cleared
 * (a port without IFLA_MASTER has none). Wireless events hold a part: there, absent is not cleared (K9).
 */
export function isFull({ attrs }: LinkMessage): boolean {
  return attrs.mtu !== undefined && attrs.operstate !== undefined && attrs.txqlen !== undefined;
}

/** The link after a message; `before` is what the mirror had under the same index. */
export function readLink(
  message: LinkMessage,
  nsid: number | undefined,
  before: LinkState | undefined,
): LinkFacts {
  const facts = factsOf(message, nsid);
  if (before === undefined || isFull(message)) return facts;
  const said = Object.entries(facts).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(said), altnames: facts.altnames ?? before.altnames };
}

function factsOf({ header, attrs }: LinkMessage, nsid: number | undefined): LinkFacts {
  return {
    nsid,
    ifindex: header.ifiIndex ?? 0,
    ifname: attrs.ifname as string,
    altnames: attrs.propList?.altIfname ?? (attrs.mtu === undefined ? (undefined as never) : []),
    alias: attrs.ifalias,
    kind: attrs.linkinfo?.kind,
    portKind: attrs.linkinfo?.slaveKind,
    type: header.ifiType ?? 0,
    flags: header.ifiFlags ?? 0,
    operstate: attrs.operstate as number,
    linkmode: attrs.linkmode,
    carrier: attrs.carrier === undefined ? undefined : attrs.carrier !== 0,
    carrierUpCount: attrs.carrierUpCount,
    carrierDownCount: attrs.carrierDownCount,
    mtu: attrs.mtu,
    address: attrs.address,
    permanentAddress: attrs.permAddress,
    master: attrs.master,
    // 0 is what a tunnel without a device below says, and a veth whose other end is not there.
    lower: attrs.link === 0 ? undefined : attrs.link,
    lowerNsid: attrs.linkNetnsid,
    qdisc: attrs.qdisc,
    txqlen: attrs.txqlen,
    group: attrs.group,
    protoDown: attrs.protoDown === undefined ? (undefined as never) : attrs.protoDown !== 0,
  };
}

/** A link with what follows from its facts and its addresses. */
export function completeLink(
  facts: LinkFacts,
  generation: number,
  addresses: readonly AddressState[],
): LinkState {
  const operstate = facts.operstate ?? 0;
  const { kernel, assumed } = kernelState(facts.flags, operstate);
  return {
    ...facts,
    ifname: facts.ifname ?? `#${facts.ifindex}`,
    altnames: facts.altnames ?? [],
    protoDown: facts.protoDown ?? false,
    operstate,
    generation,
    kernel,
    assumed,
    level: levelOf(kernel, addresses),
    addresses,
  };
}

/** The same link with other addresses. */
export function withAddresses(link: LinkState, addresses: readonly AddressState[]): LinkState {
  return { ...link, addresses, level: levelOf(link.kernel, addresses) };
}

/**
 * Whether two looks at one index, with messages lost between them, show one device. The kernel gives no
 * identity but the index, and an index may be reused at once (K7).
 */
export function isSameDevice(a: LinkState, b: LinkFacts): boolean {
  if (a.kind !== b.kind || a.type !== b.type) return false;
  return a.ifname === b.ifname || (a.address !== undefined && a.address === b.address);
}
