/**
 * The pcap format (draft-ietf-opsawg-pcap). All fields in the byte order that the magic number shows:
 *
 * file    0 u32 magic, 4 u16 major, 6 u16 minor, 8 u32 reserved, 12 u32 reserved, 16 u32 snaplen,
 *         20 u32 link type in the low 16 bits (above it: length of a frame check sequence)
 * record  0 u32 seconds, 4 u32 µs or ns, 8 u32 captured length, 12 u32 original length, 16 the packet
 */
import { CaptureError, requireBytes } from './capture-error.js';
import type { CapturedPacket } from './captured.js';

/** Magic number of a file with times in microseconds. */
export const PCAP_MAGIC_US = 0xa1b2c3d4;
/** Magic number of a file with times in nanoseconds. */
export const PCAP_MAGIC_NS = 0xa1b23c4d;
export const PCAP_MAJOR = 2;
export const PCAP_MINOR = 4;

/** Bytes of the file's header and of a packet's. */
const fileHeaderBytes = 24;
const recordHeaderBytes = 16;

/** Whether a pcap file in this byte order stands here. */
export function isPcap(view: DataView, little: boolean): boolean {
  const magic = view.getUint32(0, little);
  return magic === PCAP_MAGIC_US || magic === PCAP_MAGIC_NS;
}

/** The packets of a pcap file, in order. @throws CaptureError 'TRUNCATED' or 'VERSION'. */
export function* pcapPackets(view: DataView, little: boolean): Generator<CapturedPacket, void> {
  requireBytes(view, 0, fileHeaderBytes, "a pcap file's header");
  const major = view.getUint16(4, little);
  if (major !== PCAP_MAJOR)
    throw new CaptureError('VERSION', 4, `pcap has version ${PCAP_MAJOR}, this is ${major}`);
  const fractionNs = view.getUint32(0, little) === PCAP_MAGIC_NS ? 1n : 1000n;
  const linkType = view.getUint32(20, little) & 0xffff;
  for (let offset = fileHeaderBytes; offset < view.byteLength; ) {
    requireBytes(view, offset, recordHeaderBytes, "a packet's header");
    const start = offset + recordHeaderBytes;
    const captured = view.getUint32(offset + 8, little);
    requireBytes(view, start, captured, 'the packet');
    const seconds = BigInt(view.getUint32(offset, little));
    const fraction = BigInt(view.getUint32(offset + 4, little));
    const end = start + captured;
    yield {
      offset,
      linkType,
      timeNs: seconds * 1_000_000_000n + fraction * fractionNs,
      endian: little ? 'little' : 'big',
      start,
      end,
      originalLength: view.getUint32(offset + 12, little),
    };
    offset = end;
  }
}
