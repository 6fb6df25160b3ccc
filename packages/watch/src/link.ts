/** What the mirror knows of a link and of an address: plain data, a fresh object for each change. */

/**
 * The kernel's view of a link: its RFC 2863 operational state and, before it, whether an administrator
 * wants it up (`<linux/if.h>`, Documentation/networking/operstates.rst).
 */
export type KernelState =
  | 'admin-down'
  | 'not-present'
  | 'down'
  | 'lower-layer-down'
  | 'testing'
  | 'dormant'
  | 'up';

/** How far a link is usable; each level includes the ones before it. */
export type Level =
  /** not there */
  | 'absent'
  /** there, but it cannot carry frames */
  | 'none'
  /** the kernel state is up */
  | 'carrier'
  /** and it has a usable address of any scope (K16: neither tentative nor failed) */
  | 'addressed'
  /** and it has a usable address of global or site scope */
  | 'routable';

/** An address of a link, keyed as the kernel keys it. */
export interface AddressState {
  readonly family: 'inet' | 'inet6';
  /** The address itself: IFA_LOCAL where there is one. Canonical text. */
  readonly address: string;
  readonly prefixLength: number;
  /** The other end of a point-to-point link, where it differs from the address. */
  readonly peer: string | undefined;
  readonly broadcast: string | undefined;
  readonly label: string | undefined;
  readonly scope: 'global' | 'site' | 'link' | 'host' | 'nowhere' | number;
  /** IFA_F_*, all 32 bits. */
  readonly flags: number;
  /** Seconds at the time of the message, 2^32-1 is for ever. */
  readonly preferredSeconds: number | undefined;
  readonly validSeconds: number | undefined;
  /** IFA_PROTO: who added it (kernel_lo 1, kernel_ra 2, kernel_ll 3). */
  readonly protocol: number | undefined;
}

/** A link as the mirror has it. */
export interface LinkState {
  /** Namespace id as the kernel gives it to us; undefined is our own namespace. */
  readonly nsid: number | undefined;
  readonly ifindex: number;
  /** Tells links apart that had the same index one after the other (K7); no two links of a watcher share one. */
  readonly generation: number;
  /** Up to 15 bytes of almost anything (K36): data, never markup. */
  readonly ifname: string;
  readonly altnames: readonly string[];
  readonly alias: string | undefined;
  /** IFLA_INFO_KIND: 'veth', 'bridge', …; undefined for devices that have none. */
  readonly kind: string | undefined;
  /** IFLA_INFO_SLAVE_KIND: 'bridge' for a bridge's port. */
  readonly portKind: string | undefined;
  /** ARPHRD_* number: 1 Ethernet, 772 loopback. */
  readonly type: number;
  readonly kernel: KernelState;
  /** The operational state is unknown: the kernel state is taken from the flags (K8). */
  readonly assumed: boolean;
  readonly level: Exclude<Level, 'absent'>;
  /** IFF_*, all bits. */
  readonly flags: number;
  /** IF_OPER_*. */
  readonly operstate: number;
  readonly linkmode: number | undefined;
  /** IFLA_CARRIER; undefined where the kernel did not say. */
  readonly carrier: boolean | undefined;
  readonly carrierUpCount: number | undefined;
  readonly carrierDownCount: number | undefined;
  readonly mtu: number | undefined;
  /** Link-layer address. */
  readonly address: string | undefined;
  readonly permanentAddress: string | undefined;
  /** ifindex of the bridge, bond or VRF that this is a port of. */
  readonly master: number | undefined;
  /** ifindex of the device below, or of a veth's other end. */
  readonly lower: number | undefined;
  /** Namespace id of the device below, when it is another one. */
  readonly lowerNsid: number | undefined;
  readonly qdisc: string | undefined;
  readonly txqlen: number | undefined;
  readonly group: number | undefined;
  readonly protoDown: boolean;
  readonly addresses: readonly AddressState[];
}
