/** The pcap format (draft-ietf-opsawg-pcap) with times in nanoseconds; the layout stands in read-pcap.ts. */
import { EncodeError } from '../errors.js';
import type { Endian } from '../wire/endian.js';
import { Writer } from '../wire/writer.js';
import type { CapturedDatagram } from './captured.js';
import { LINKTYPE_NETLINK, packetLengths, writeCooked } from './cooked.js';
import { PCAP_MAGIC_NS, PCAP_MAJOR, PCAP_MINOR } from './read-pcap.js';

/**
 * The snaplen that the header claims, in bytes: tcpdump's own, and the size beyond which Wireshark refuses a
 * packet. Nothing is cut here: a datagram that is larger is written whole, for a replay needs it.
 */
const claimedSnaplenBytes = 262_144;

/** The file's header, 24 bytes. All packets that follow must have this byte order. */
export function pcapHeader(endian: Endian = 'little'): Uint8Array {
  const writer = new Writer(endian);
  writer.u32(PCAP_MAGIC_NS);
  writer.u16(PCAP_MAJOR);
  writer.u16(PCAP_MINOR);
  writer.zeros(8);
  writer.u32(claimedSnaplenBytes);
  writer.u32(LINKTYPE_NETLINK);
  return writer.finish();
}

/**
 * One datagram as a packet, to be appended to a file whose header has the datagram's byte order.
 *
 * @throws EncodeError 'OUT_OF_RANGE': a time outside of 1970 to 2106 (its seconds have 32 bits), a protocol
 * beyond 16 bits, a `truncatedFrom` below the bytes' length.
 */
export function pcapPacket(datagram: CapturedDatagram): Uint8Array {
  const { captured, original } = packetLengths(datagram);
  const seconds = datagram.timeNs / 1_000_000_000n;
  if (datagram.timeNs < 0n || seconds > 0xffffffffn)
    throw new EncodeError('OUT_OF_RANGE', 'timeNs', 'pcap has times from 1970 to 2106 only');
  const writer = new Writer(datagram.endian);
  writer.u32(Number(seconds));
  writer.u32(Number(datagram.timeNs % 1_000_000_000n));
  writer.u32(captured);
  writer.u32(original);
  writeCooked(writer, datagram);
  return writer.finish();
}

/**
 * A whole file, as the pieces to write one after the other. Its byte order is the first datagram's.
 *
 * @throws EncodeError as `pcapPacket`; 'WRONG_TYPE' for a datagram of the other byte order: pcapng takes both.
 */
export function* writePcap(
  datagrams: Iterable<CapturedDatagram>,
): Generator<Uint8Array, void, undefined> {
  let endian: Endian | undefined;
  for (const datagram of datagrams) {
    if (endian === undefined) {
      endian = datagram.endian;
      yield pcapHeader(endian);
    }
    if (datagram.endian !== endian)
      throw new EncodeError(
        'WRONG_TYPE',
        'endian',
        `a pcap file has one byte order, ${endian} here`,
      );
    yield pcapPacket(datagram);
  }
  if (endian === undefined) yield pcapHeader();
}
