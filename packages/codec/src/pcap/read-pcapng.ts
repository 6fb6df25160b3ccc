/**
 * The pcapng format (draft-ietf-opsawg-pcapng): blocks in sections, each section with its byte order and its
 * interfaces. The bodies of its packets:
 *
 * enhanced  0 u32 interface, 4 u32 time (high half), 8 u32 (low half), 12 u32 captured, 16 u32 original, 20 …
 * obsolete  0 u16 interface, 2 u16 drops, then as enhanced
 * simple    0 u32 original, 4 … (interface 0, cut at its snaplen)
 *
 * Each packet is padded to 4 bytes; options may follow and say nothing that is needed here.
 */
import { CaptureError } from './capture-error.js';
import type { CapturedPacket } from './captured.js';
import {
  BLOCK_ENHANCED_PACKET,
  BLOCK_INTERFACE,
  BLOCK_PACKET,
  BLOCK_SECTION_HEADER,
  BLOCK_SIMPLE_PACKET,
  type Block,
  blockAt,
  requireBody,
} from './pcapng-block.js';
import { type CaptureInterface, readInterface, timeOf } from './pcapng-interface.js';

export const PCAPNG_MAJOR = 1;
export const PCAPNG_MINOR = 0;

/** Interfaces in a section: obsolete packets count them in 16 bits, and no machine has as many. */
export const maxInterfaces = 65_536;

/** Whether a pcapng file stands here. */
export function isPcapng(view: DataView): boolean {
  return view.getUint32(0) === BLOCK_SECTION_HEADER;
}

/** The packets of a pcapng file, in order. Blocks of other kinds are passed over. @throws CaptureError */
export function* pcapngPackets(view: DataView): Generator<CapturedPacket, void> {
  let interfaces: CaptureInterface[] = [];
  let little = true;
  for (let offset = 0; offset < view.byteLength; ) {
    const block = blockAt(view, offset, little);
    if (block.type === BLOCK_SECTION_HEADER) {
      requireVersion(view, block);
      little = block.little;
      interfaces = [];
    } else if (block.type === BLOCK_INTERFACE) addInterface(interfaces, view, block);
    else if (block.type === BLOCK_SIMPLE_PACKET) yield simplePacket(view, block, interfaces);
    else if (block.type === BLOCK_ENHANCED_PACKET || block.type === BLOCK_PACKET)
      yield enhancedPacket(view, block, interfaces);
    offset = block.end + 4;
  }
}

function requireVersion(view: DataView, block: Block): void {
  requireBody(block, 16, 'a section header');
  const major = view.getUint16(block.start + 4, block.little);
  if (major === PCAPNG_MAJOR) return;
  const reason = `pcapng has version ${PCAPNG_MAJOR}, this is ${major}`;
  throw new CaptureError('VERSION', block.start + 4, reason);
}

function addInterface(interfaces: CaptureInterface[], view: DataView, block: Block): void {
  if (interfaces.length === maxInterfaces)
    throw new CaptureError('INTERFACE', block.offset, `more than ${maxInterfaces} interfaces`);
  interfaces.push(readInterface(view, block));
}

function enhancedPacket(
  view: DataView,
  block: Block,
  interfaces: readonly CaptureInterface[],
): CapturedPacket {
  requireBody(block, 20, 'a packet');
  const { start: at, little } = block;
  const index =
    block.type === BLOCK_PACKET ? view.getUint16(at, little) : view.getUint32(at, little);
  const seenBy = interfaceOf(block, interfaces, index);
  const ticks =
    (BigInt(view.getUint32(at + 4, little)) << 32n) | BigInt(view.getUint32(at + 8, little));
  const captured = view.getUint32(at + 12, little);
  return packetOf(block, seenBy, {
    timeNs: timeOf(ticks, seenBy),
    start: at + 20,
    captured,
    originalLength: view.getUint32(at + 16, little),
  });
}

function simplePacket(
  view: DataView,
  block: Block,
  interfaces: readonly CaptureInterface[],
): CapturedPacket {
  requireBody(block, 4, 'a simple packet');
  const seenBy = interfaceOf(block, interfaces, 0);
  const originalLength = view.getUint32(block.start, block.little);
  const captured = Math.min(originalLength, seenBy.snaplen || originalLength);
  return packetOf(block, seenBy, { timeNs: 0n, start: block.start + 4, captured, originalLength });
}

function interfaceOf(
  block: Block,
  interfaces: readonly CaptureInterface[],
  index: number,
): CaptureInterface {
  const found = interfaces[index];
  if (found !== undefined) return found;
  const reason = `a packet of interface ${index}, ${interfaces.length} are described`;
  throw new CaptureError('INTERFACE', block.offset, reason);
}

function packetOf(
  block: Block,
  { linkType }: CaptureInterface,
  packet: { timeNs: bigint; start: number; captured: number; originalLength: number },
): CapturedPacket {
  const { timeNs, start, captured, originalLength } = packet;
  const left = block.end - start;
  if (captured > left) {
    const reason = `${captured} bytes of the packet were captured, its block has ${left}`;
    throw new CaptureError('PACKET_LENGTH', block.offset, reason);
  }
  const endian = block.little ? 'little' : 'big';
  const { offset } = block;
  return { offset, linkType, timeNs, endian, start, end: start + captured, originalLength };
}
