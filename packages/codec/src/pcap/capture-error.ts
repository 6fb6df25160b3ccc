import { CodecError } from '../errors.js';

/** What can be wrong with a capture file. */
export type CaptureErrorCode =
  /** the first bytes are neither pcap nor pcapng */
  | 'FORMAT'
  /** a major version that nobody has described yet */
  | 'VERSION'
  /** the file ends inside a header, a packet or a block; a recorder that was killed leaves this too */
  | 'TRUNCATED'
  /** a block's length cannot be, or its second copy at the block's end differs */
  | 'BLOCK_LENGTH'
  /** an option reaches beyond its block or has not the size of its kind */
  | 'OPTION_LENGTH'
  /** a packet's captured length reaches beyond its block */
  | 'PACKET_LENGTH'
  /** a packet names an interface that its section has not described, or there are too many of them */
  | 'INTERFACE'
  /** a netlink packet is too short for its 16-byte cooked header */
  | 'COOKED_HEADER';

/** A capture file that cannot be read any further: why, and where. */
export class CaptureError extends CodecError {
  declare readonly code: CaptureErrorCode;
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** What is wrong, without the place. */
  readonly reason: string;

  constructor(code: CaptureErrorCode, offset: number, reason: string) {
    super(code, `${reason} (offset ${offset})`);
    this.offset = offset;
    this.reason = reason;
  }
}

/** @throws CaptureError 'TRUNCATED' when fewer than `needed` bytes stand at `offset`. */
export function requireBytes(view: DataView, offset: number, needed: number, what: string): void {
  const left = view.byteLength - offset;
  if (left >= needed) return;
  throw new CaptureError('TRUNCATED', offset, `${what} is ${needed} bytes, ${left} are left`);
}
