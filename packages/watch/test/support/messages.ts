import type { DecodedMessage } from '@lw/codec';

/** Parts of a link message that tests care about; the rest is what the kernel would say of a veth. */
export interface LinkParts {
  readonly ifindex: number;
  readonly ifname?: string;
  readonly flags?: number;
  readonly operstate?: number;
  readonly family?: number;
  readonly attrs?: Record<string, unknown>;
}

export const up = 0x1;
export const running = 0x40;
export const lowerUp = 0x10000;
/** Flags of a link that is up with a carrier. */
export const upFlags: number = up | running | lowerUp;

/** A full RTM_NEWLINK, as rtnl_fill_ifinfo writes it. */
export function newLink(parts: LinkParts): DecodedMessage {
  const { ifindex, ifname = `v${ifindex}`, flags = upFlags, operstate = 6, family = 0 } = parts;
  return {
    op: family === 7 ? 'newlink-bridge' : 'newlink',
    header: { ifiFamily: family, ifiType: 1, ifiIndex: ifindex, ifiFlags: flags, ifiChange: 0 },
    attrs: {
      ifname,
      mtu: 1500,
      txqlen: 1000,
      operstate,
      linkmode: 0,
      carrier: (flags & lowerUp) === 0 ? 0 : 1,
      carrierUpCount: 1,
      carrierDownCount: 1,
      qdisc: 'noqueue',
      group: 0,
      protoDown: 0,
      address: `02:00:00:00:00:0${ifindex % 10}`,
      linkinfo: { kind: 'veth' },
      ...parts.attrs,
    },
  };
}

export function delLink(
  ifindex: number,
  attrs: Record<string, unknown> = {},
  family = 0,
): DecodedMessage {
  const full = newLink({ ifindex, family, attrs });
  return { ...full, op: family === 7 ? 'dellink-bridge' : 'dellink' };
}

export interface AddressParts {
  readonly ifindex: number;
  readonly address: string;
  readonly flags?: number;
  readonly scope?: number;
  readonly attrs?: Record<string, unknown>;
}

export function newAddress(parts: AddressParts, op = 'newaddr'): DecodedMessage {
  const { ifindex, address, flags = 0x80, scope = 0 } = parts;
  const inet6 = address.includes(':');
  return {
    op,
    header: {
      ifaFamily: inet6 ? 10 : 2,
      ifaPrefixlen: inet6 ? 64 : 24,
      ifaFlags: flags & 0xff,
      ifaScope: scope,
      ifaIndex: ifindex,
    },
    attrs: {
      address,
      ...(inet6 ? {} : { local: address, label: `v${ifindex}` }),
      flags,
      ...parts.attrs,
    },
  };
}

export function delAddress(parts: AddressParts): DecodedMessage {
  return newAddress(parts, 'deladdr');
}
