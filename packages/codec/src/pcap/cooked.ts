/**
 * The cooked header before the messages of a LINKTYPE_NETLINK packet, all of it big-endian
 * (https://www.tcpdump.org/linktypes/LINKTYPE_NETLINK.html):
 *
 *  0  u16  packet type: `sll_pkttype` of `<linux/if_packet.h>` from libpcap, unused by the link type's text
 *  2  u16  ARPHRD_NETLINK
 *  4       10 bytes unused
 * 14  u16  netlink protocol
 *
 * It is the header of LINKTYPE_LINUX_SLL with other words for its fields, and a capture of several devices
 * at once (`tcpdump -i any`) has netlink packets under that link type.
 */
import { EncodeError } from '../errors.js';
import type { Writer } from '../wire/writer.js';
import { CaptureError } from './capture-error.js';
import type { CapturedDatagram, CapturedPacket } from './captured.js';
import { messageEndian } from './message-endian.js';

export const LINKTYPE_NETLINK = 253;
export const LINKTYPE_LINUX_SLL = 113;
/** Bytes of the header. */
export const cookedHeaderBytes = 16;

// #define ARPHRD_NETLINK 824
const ARPHRD_NETLINK = 824;
// #define PACKET_HOST 0       /* To us */
const PACKET_HOST = 0;
// #define PACKET_OUTGOING 4   /* Outgoing of any type */
const PACKET_OUTGOING = 4;
// #define PACKET_KERNEL 7     /* To kernel space */
const PACKET_KERNEL = 7;

/**
 * The datagram in a packet, undefined when the packet is no netlink.
 *
 * @throws CaptureError 'COOKED_HEADER' when it claims to be one and has no whole header.
 */
export function datagramOf(view: DataView, packet: CapturedPacket): CapturedDatagram | undefined {
  const { start, end, offset } = packet;
  if (!isNetlink(view, packet)) return undefined;
  const captured = end - start;
  if (captured < cookedHeaderBytes) {
    const reason = `a netlink packet has a header of ${cookedHeaderBytes} bytes, ${captured} were captured`;
    throw new CaptureError('COOKED_HEADER', offset, reason);
  }
  const packetType = view.getUint16(start);
  const messages = {
    start: start + cookedHeaderBytes,
    captured: captured - cookedHeaderBytes,
    original: Math.max(packet.originalLength, captured) - cookedHeaderBytes,
  };
  return {
    timeNs: packet.timeNs,
    outgoing: packetType === PACKET_OUTGOING || packetType === PACKET_KERNEL,
    protocol: view.getUint16(start + 14),
    endian: messageEndian(view, messages, packet.endian),
    bytes: new Uint8Array(view.buffer, view.byteOffset + messages.start, messages.captured),
    ...(messages.original > messages.captured ? { truncatedFrom: messages.original } : {}),
  };
}

function isNetlink(view: DataView, { linkType, start, end }: CapturedPacket): boolean {
  if (linkType === LINKTYPE_NETLINK) return true;
  return (
    linkType === LINKTYPE_LINUX_SLL &&
    end - start >= cookedHeaderBytes &&
    view.getUint16(start + 2) === ARPHRD_NETLINK
  );
}

/** Writes header and messages, without padding. */
export function writeCooked(writer: Writer, datagram: CapturedDatagram): void {
  writer.u16(datagram.outgoing ? PACKET_OUTGOING : PACKET_HOST, false);
  writer.u16(ARPHRD_NETLINK, false);
  writer.zeros(10);
  writer.u16(datagram.protocol, false);
  writer.bytes(datagram.bytes);
}

/**
 * Captured and original length of the packet that `writeCooked` makes, in bytes.
 *
 * @throws EncodeError 'OUT_OF_RANGE' for a datagram that no packet can hold.
 */
export function packetLengths(datagram: CapturedDatagram): { captured: number; original: number } {
  const { bytes, protocol, truncatedFrom = bytes.length } = datagram;
  if (!Number.isInteger(protocol) || protocol < 0 || protocol > 0xffff)
    throw new EncodeError('OUT_OF_RANGE', 'protocol', `${protocol} is not a number of 16 bits`);
  const original = cookedHeaderBytes + truncatedFrom;
  if (!Number.isInteger(original) || truncatedFrom < bytes.length || original > 0xffffffff) {
    const reason = `${truncatedFrom} is not a length of 32 bits, ${bytes.length} bytes or more`;
    throw new EncodeError('OUT_OF_RANGE', 'truncatedFrom', reason);
  }
  return { captured: cookedHeaderBytes + bytes.length, original };
}
