import { type AddressState, escapeText, type LinkState } from '@lw/watch';

/** ARPHRD_*, `<linux/if_arp.h>`: what a device is that names no kind. */
const hardware: Readonly<Record<number, string>> = {
  1: 'ethernet',
  32: 'infiniband',
  512: 'ppp',
  768: 'ipip',
  769: 'ip6tnl',
  772: 'loopback',
  776: 'sit',
  778: 'gre',
  801: 'wifi',
  803: 'wifi-monitor',
  823: 'gre6',
  824: 'netlink',
  65534: 'none',
};

/** 'veth', 'bridge'; for a device without a kind, what hardware it is. */
export function kindText({ kind, type }: LinkState): string {
  return escapeText(kind ?? hardware[type] ?? `type-${type}`);
}

/** The kernel state; a question mark where it is taken from the flags (K8). */
export function stateText({ kernel, assumed }: LinkState): string {
  return assumed ? `${kernel}?` : kernel;
}

/** '192.0.2.1/24', or '192.0.2.1 peer 192.0.2.2/32' with another end, as `ip` and the events write it. */
export function addressText({ address, prefixLength, peer }: AddressState): string {
  return `${address}${peer === undefined ? '' : ` peer ${peer}`}/${prefixLength}`;
}

/** The same without spaces, '192.0.2.1>192.0.2.2/32', for a cell whose line is read by columns. */
export function addressCell({ address, prefixLength, peer }: AddressState): string {
  return `${address}${peer === undefined ? '' : `>${peer}`}/${prefixLength}`;
}

/** Names of links by index; an index that is not there is shown as `#7`. */
export function nameTable(links: readonly LinkState[]): (ifindex: number) => string {
  const names = new Map(
    links
      .filter(({ nsid }) => nsid === undefined)
      .map(({ ifindex, ifname }) => [ifindex, escapeText(ifname)]),
  );
  return (ifindex) => names.get(ifindex) ?? `#${ifindex}`;
}
