import {
  AF_INET,
  AF_INET6,
  type DecodedMessage,
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RT_SCOPE_NOWHERE,
  RT_SCOPE_SITE,
  RT_SCOPE_UNIVERSE,
} from '@lw/codec';
import type { AddrAttrs, Ifaddrmsg } from '@lw/codec/families/rt-addr';
import type { AddressState } from './link.js';

export type AddressMessage = DecodedMessage<Ifaddrmsg, AddrAttrs>;

const scopeNames: ReadonlyMap<number, AddressState['scope']> = new Map([
  [RT_SCOPE_UNIVERSE, 'global'],
  [RT_SCOPE_SITE, 'site'],
  [RT_SCOPE_LINK, 'link'],
  [RT_SCOPE_HOST, 'host'],
  [RT_SCOPE_NOWHERE, 'nowhere'],
]);

/** A dump of all families holds those of MCTP and Phonet too: they have other keys, and make no link routable. */
export function isInternetAddress({ header }: AddressMessage): boolean {
  return header.ifaFamily === AF_INET || header.ifaFamily === AF_INET6;
}

/** What an address message says. IFA_LOCAL is the address where there is one: IFA_ADDRESS is the peer's then. */
export function readAddress({ header, attrs }: AddressMessage): AddressState {
  const address = attrs.local ?? attrs.address ?? '';
  const scope = header.ifaScope ?? RT_SCOPE_UNIVERSE;
  return {
    family: header.ifaFamily === AF_INET6 ? 'inet6' : 'inet',
    address,
    prefixLength: header.ifaPrefixlen ?? 0,
    peer: attrs.address === undefined || attrs.address === address ? undefined : attrs.address,
    broadcast: attrs.broadcast,
    label: attrs.label,
    scope: scopeNames.get(scope) ?? scope,
    // The attribute has 32 bits, the header's member 8.
    flags: attrs.flags ?? header.ifaFlags ?? 0,
    preferredSeconds: attrs.cacheinfo?.ifaPrefered,
    validSeconds: attrs.cacheinfo?.ifaValid,
    protocol: attrs.proto,
  };
}

/**
 * The kernel's own key of an address within a link: inet_insert_ifa compares local address, prefix and peer,
 * ipv6_chk_same_addr the address alone.
 */
export function addressKey({ family, address, prefixLength, peer }: AddressState): string {
  return family === 'inet6' ? `6/${address}` : `4/${address}/${prefixLength}/${peer ?? address}`;
}
