import type { Endian } from './endian.js';

/** Bytes that a fresh writer has room for: most requests fit in one page's tenth. */
const initialCapacityBytes = 512;

/** A buffer that grows; every write is at the end, `patchU16`/`patchU32` mend lengths written earlier. */
export class Writer {
  /** Bytes written so far. */
  length = 0;
  readonly little: boolean;
  #bytes = new Uint8Array(initialCapacityBytes);
  #view = new DataView(this.#bytes.buffer);

  constructor(endian: Endian = 'little') {
    this.little = endian === 'little';
  }

  u8(value: number): void {
    const at = this.#claim(1);
    this.#view.setUint8(at, value);
  }

  u16(value: number, little: boolean = this.little): void {
    const at = this.#claim(2);
    this.#view.setUint16(at, value, little);
  }

  u32(value: number, little: boolean = this.little): void {
    const at = this.#claim(4);
    this.#view.setUint32(at, value, little);
  }

  u64(value: bigint, little: boolean = this.little): void {
    const at = this.#claim(8);
    this.#view.setBigUint64(at, value, little);
  }

  bytes(value: Uint8Array): void {
    const at = this.#claim(value.length);
    this.#bytes.set(value, at);
  }

  zeros(count: number): void {
    this.#claim(count);
  }

  /** Pads with zeros to a multiple of `alignment` (a power of two). */
  align(alignment: number): void {
    this.zeros(-this.length & (alignment - 1));
  }

  /** Payload of the attribute that was written at `at` (its length is patched by then), in bytes. */
  payloadBytes(at: number): number {
    return this.#view.getUint16(at, this.little) - 4;
  }

  patchU16(at: number, value: number): void {
    this.#view.setUint16(at, value, this.little);
  }

  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, this.little);
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }

  /** Makes room at the end. Called before the buffer is touched: it may put a larger one in its place. */
  #claim(count: number): number {
    const at = this.length;
    if (at + count > this.#bytes.length) this.#grow(at + count);
    this.length = at + count;
    return at;
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
