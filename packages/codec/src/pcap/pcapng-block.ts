/**
 * The frame of every pcapng block (draft-ietf-opsawg-pcapng section 3.1):
 *
 * 0 u32 type, 4 u32 length of the whole block, 8 the body, at the end the length once more
 */
import { CaptureError, requireBytes } from './capture-error.js';

export const BLOCK_SECTION_HEADER = 0x0a0d0d0a;
export const BLOCK_INTERFACE = 1;
/** Obsolete since 2007, still read: what it holds would be missed. */
export const BLOCK_PACKET = 2;
export const BLOCK_SIMPLE_PACKET = 3;
export const BLOCK_ENHANCED_PACKET = 6;

/** Of a section header: reads so in the byte order of the section. */
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Type and both lengths of a block, in bytes: what it has without a body. */
export const blockFrameBytes = 12;

/** A block, its places in bytes from the start of the file. */
export interface Block {
  readonly type: number;
  readonly offset: number;
  /** The body is `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** Byte order of its section. */
  readonly little: boolean;
}

/**
 * The block at `offset`, whose section has the byte order `little` unless it begins a section itself.
 *
 * @throws CaptureError 'TRUNCATED', 'BLOCK_LENGTH' or 'FORMAT' (a section without byte order).
 */
export function blockAt(view: DataView, offset: number, sectionLittle: boolean): Block {
  requireBytes(view, offset, blockFrameBytes, "a block's frame");
  const type = view.getUint32(offset, sectionLittle);
  // The type of a section header reads the same in both byte orders.
  const little = type === BLOCK_SECTION_HEADER ? byteOrder(view, offset) : sectionLittle;
  const length = view.getUint32(offset + 4, little);
  if (length < blockFrameBytes || length % 4 !== 0) {
    const reason = `a block is ${blockFrameBytes} bytes or more, a multiple of 4, this says ${length}`;
    throw new CaptureError('BLOCK_LENGTH', offset + 4, reason);
  }
  requireBytes(view, offset, length, 'the block');
  const end = offset + length - 4;
  const again = view.getUint32(end, little);
  if (again !== length) {
    const reason = `the block's length is ${length} at its start and ${again} at its end`;
    throw new CaptureError('BLOCK_LENGTH', end, reason);
  }
  return { type, offset, start: offset + 8, end, little };
}

function byteOrder(view: DataView, offset: number): boolean {
  if (view.getUint32(offset + 8, true) === BYTE_ORDER_MAGIC) return true;
  if (view.getUint32(offset + 8, false) === BYTE_ORDER_MAGIC) return false;
  throw new CaptureError('FORMAT', offset + 8, 'a section header has no byte-order magic');
}

/** @throws CaptureError 'BLOCK_LENGTH' when the body has fewer than `needed` bytes. */
export function requireBody(block: Block, needed: number, what: string): void {
  const body = block.end - block.start;
  if (body >= needed) return;
  const reason = `${what} has a body of at least ${needed} bytes, this has ${body}`;
  throw new CaptureError('BLOCK_LENGTH', block.offset + 4, reason);
}
