/**
 * Text as the kernel has it: bytes up to the first NUL, usually ASCII, by custom UTF-8, in truth anything
 * (K36). A byte that is not UTF-8 becomes a lone surrogate U+DC80 to U+DCFF (Python's "surrogateescape"),
 * so that every name comes back as the same bytes.
 *
 * Written out here, because a pure package has no TextDecoder of a platform, and names are so short that
 * the call into one costs more than the work.
 */

const escapeBase = 0xdc00;

/** The text of `bytes[start, end)`, ended by the first NUL if there is one. Never throws. */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === 0) return text;
    if (byte > 0x7f) return text + readUtf8(bytes, at, end);
    text += String.fromCharCode(byte);
  }
  return text;
}

function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === 0) break;
    const length = sequenceLength(bytes, at, end);
    if (length === 0) {
      text += String.fromCharCode(escapeBase + byte);
      at += 1;
    } else {
      text += String.fromCodePoint(codePoint(bytes, at, length));
      at += length;
    }
  }
  return text;
}

/** Bytes of the well-formed UTF-8 sequence at `at` (Unicode, table 3-7), 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const length = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : 4;
  if (first < 0xc2 || first > 0xf4 || at + length > end) return 0;
  const second = bytes[at + 1] as number;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) {
    if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

function codePoint(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] as number;
  if (length === 1) return first;
  let code = first & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) code = (code << 6) | ((bytes[at + i] as number) & 0x3f);
  return code;
}

/** The bytes of `text` as UTF-8, without a NUL; undoes what `readText` did to bytes that are not UTF-8. */
export function textBytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code < 0x80) bytes.push(code);
    else if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - escapeBase);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuation(code));
    else if (code < 0x10000)
      bytes.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code));
    else {
      bytes.push(0xf0 | (code >> 18), continuation(code >> 12));
      bytes.push(continuation(code >> 6), continuation(code));
    }
  }
  return Uint8Array.from(bytes);
}

function continuation(code: number): number {
  return 0x80 | (code & 0x3f);
}
