import type { Endian } from '../wire/endian.js';

/** One datagram of a capture, as a socket would have handed it over, and how it came to be seen. */
export interface CapturedDatagram {
  /** Nanoseconds since 1970 (UTC); 0n when the capture does not say (a simple packet block has no time). */
  readonly timeNs: bigint;
  /** Whether it went to the kernel. */
  readonly outgoing: boolean;
  /** The socket's protocol: NETLINK_ROUTE is 0, NETLINK_GENERIC 16. */
  readonly protocol: number;
  /** Byte order of the messages: that of the machine that sent them. */
  readonly endian: Endian;
  /** The messages. Reading gives a view, as long-lived as the file's bytes. */
  readonly bytes: Uint8Array;
  /** Length in bytes before the capture cut it down to `bytes`; absent when it is whole. */
  readonly truncatedFrom?: number;
}

/** A packet of the capture that is no netlink. */
export interface SkippedPacket {
  /** Where its record or block stands in the file, in bytes. */
  readonly offset: number;
  /** LINKTYPE_ number: 1 is Ethernet. */
  readonly linkType: number;
}

/** A packet of any link type, before anyone has looked into it: places in the file, in bytes. */
export interface CapturedPacket {
  /** Of its record or block. */
  readonly offset: number;
  readonly linkType: number;
  readonly timeNs: bigint;
  /** Of the file, or the section of it. */
  readonly endian: Endian;
  /** The captured bytes are `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** Length on the wire; more than was captured when the capture cut the packet down. */
  readonly originalLength: number;
}
