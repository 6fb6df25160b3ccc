/**
 * The interface description block (draft-ietf-opsawg-pcapng section 4.2), its body:
 *
 * 0 u16 link type, 2 u16 reserved, 4 u32 snaplen (0: no limit), 8 options
 *
 * An option is u16 code, u16 length, the value padded to 4 bytes; code 0 ends them, and may be missing.
 */
import { CaptureError } from './capture-error.js';
import { type Block, requireBody } from './pcapng-block.js';

export const OPT_ENDOFOPT = 0;
/** u8: the unit of times is 10^-n seconds, with the top bit set 2^-n. */
export const IF_TSRESOL = 9;
/** s64: seconds to add to every time. */
export const IF_TSOFFSET = 14;

/** What a packet needs to know of the interface that saw it. */
export interface CaptureInterface {
  readonly linkType: number;
  /** Bytes after which packets were cut; 0 for no limit. */
  readonly snaplen: number;
  /** Units of the packets' times in a second. */
  readonly ticksPerSecond: bigint;
  /** Seconds since 1970 at which their times begin. */
  readonly offsetSeconds: bigint;
}

/** Microseconds, when no option says otherwise. */
const defaultTicksPerSecond = 1_000_000n;

/** @throws CaptureError 'BLOCK_LENGTH' or 'OPTION_LENGTH'. */
export function readInterface(view: DataView, block: Block): CaptureInterface {
  requireBody(block, 8, 'an interface description');
  const { start, little } = block;
  let ticksPerSecond = defaultTicksPerSecond;
  let offsetSeconds = 0n;
  for (const { code, at, length } of options(view, block, start + 8)) {
    if (code === IF_TSRESOL) {
      requireValue({ at, length, expected: 1 }, 'if_tsresol');
      ticksPerSecond = ticksOf(view.getUint8(at));
    } else if (code === IF_TSOFFSET) {
      requireValue({ at, length, expected: 8 }, 'if_tsoffset');
      offsetSeconds = view.getBigInt64(at, little);
    }
  }
  const linkType = view.getUint16(start, little);
  return { linkType, snaplen: view.getUint32(start + 4, little), ticksPerSecond, offsetSeconds };
}

/** Nanoseconds since 1970 of a packet's time, rounded down. */
export function timeOf(ticks: bigint, { ticksPerSecond, offsetSeconds }: CaptureInterface): bigint {
  return (ticks * 1_000_000_000n) / ticksPerSecond + offsetSeconds * 1_000_000_000n;
}

function ticksOf(resolution: number): bigint {
  const exponent = BigInt(resolution & 0x7f);
  return resolution & 0x80 ? 2n ** exponent : 10n ** exponent;
}

interface Option {
  readonly code: number;
  /** Where the value stands in the file. */
  readonly at: number;
  /** Of the value, without padding. */
  readonly length: number;
}

function* options(view: DataView, block: Block, from: number): Generator<Option, void> {
  let offset = from;
  while (block.end - offset >= 4) {
    const code = view.getUint16(offset, block.little);
    const length = view.getUint16(offset + 2, block.little);
    if (code === OPT_ENDOFOPT) return;
    const at = offset + 4;
    const left = block.end - at;
    if (length > left) {
      const reason = `option ${code} is ${length} bytes, ${left} are left in its block`;
      throw new CaptureError('OPTION_LENGTH', offset, reason);
    }
    yield { code, at, length };
    offset = at + length + (-length & 3);
  }
}

function requireValue(
  { at, length, expected }: { at: number; length: number; expected: number },
  name: string,
): void {
  if (length === expected) return;
  const reason = `${name} is ${expected} bytes, this has ${length}`;
  throw new CaptureError('OPTION_LENGTH', at, reason);
}
