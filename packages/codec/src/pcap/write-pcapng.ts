/** The pcapng format (draft-ietf-opsawg-pcapng): one interface a section, enhanced packet blocks. */
import { EncodeError } from '../errors.js';
import type { Endian } from '../wire/endian.js';
import { Writer } from '../wire/writer.js';
import type { CapturedDatagram } from './captured.js';
import { LINKTYPE_NETLINK, packetLengths, writeCooked } from './cooked.js';
import {
  BLOCK_ENHANCED_PACKET,
  BLOCK_INTERFACE,
  BLOCK_SECTION_HEADER,
  BYTE_ORDER_MAGIC,
} from './pcapng-block.js';
import { IF_TSRESOL, OPT_ENDOFOPT } from './pcapng-interface.js';
import { PCAPNG_MAJOR, PCAPNG_MINOR } from './read-pcapng.js';

/** -1: the section's length is not known when its header is written. */
const unknownSectionLength = 0xffff_ffff_ffff_ffffn;
/** `if_tsresol` 9: times in 10^-9 seconds. */
const nanoseconds = 9;

/**
 * The start of a section: its header and its only interface, times in nanoseconds. It begins a file, and may
 * come again in it: a section that follows another has a byte order of its own.
 */
export function pcapngHeader(endian: Endian = 'little'): Uint8Array {
  const writer = new Writer(endian);
  writeBlock(writer, BLOCK_SECTION_HEADER, () => {
    writer.u32(BYTE_ORDER_MAGIC);
    writer.u16(PCAPNG_MAJOR);
    writer.u16(PCAPNG_MINOR);
    writer.u64(unknownSectionLength);
  });
  writeBlock(writer, BLOCK_INTERFACE, () => {
    writer.u16(LINKTYPE_NETLINK);
    writer.u16(0); // reserved
    writer.u32(0); // no snaplen: nothing is cut here
    writer.u16(IF_TSRESOL);
    writer.u16(1);
    writer.u8(nanoseconds);
    writer.align(4);
    writer.u16(OPT_ENDOFOPT);
    writer.u16(0);
  });
  return writer.finish();
}

/**
 * One datagram as an enhanced packet block, to be appended to a section of the datagram's byte order.
 * Wireshark refuses packets above 262,144 bytes; they are written all the same.
 *
 * @throws EncodeError 'OUT_OF_RANGE': a time before 1970 or beyond 64 bits, a protocol beyond 16 bits, a
 * `truncatedFrom` below the bytes' length.
 */
export function pcapngPacket(datagram: CapturedDatagram): Uint8Array {
  const { captured, original } = packetLengths(datagram);
  const { timeNs } = datagram;
  if (timeNs < 0n || timeNs > 0xffff_ffff_ffff_ffffn)
    throw new EncodeError('OUT_OF_RANGE', 'timeNs', 'pcapng has times from 1970 to 2554 only');
  const writer = new Writer(datagram.endian);
  writeBlock(writer, BLOCK_ENHANCED_PACKET, () => {
    writer.u32(0); // the section's only interface
    writer.u32(Number(timeNs >> 32n));
    writer.u32(Number(timeNs & 0xffff_ffffn));
    writer.u32(captured);
    writer.u32(original);
    writeCooked(writer, datagram);
    writer.align(4);
  });
  return writer.finish();
}

/**
 * A whole file, as the pieces to write one after the other; a new section wherever the byte order changes.
 *
 * @throws EncodeError as `pcapngPacket`.
 */
export function* writePcapng(
  datagrams: Iterable<CapturedDatagram>,
): Generator<Uint8Array, void, undefined> {
  let endian: Endian | undefined;
  for (const datagram of datagrams) {
    if (datagram.endian !== endian) {
      endian = datagram.endian;
      yield pcapngHeader(endian);
    }
    yield pcapngPacket(datagram);
  }
  if (endian === undefined) yield pcapngHeader();
}

/** The body of every block here ends on 4 bytes already; the length goes before and behind it. */
function writeBlock(writer: Writer, type: number, writeBody: () => void): void {
  const at = writer.length;
  writer.u32(type);
  writer.u32(0);
  writeBody();
  const length = writer.length + 4 - at;
  writer.patchU32(at + 4, length);
  writer.u32(length);
}
