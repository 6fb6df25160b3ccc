import { hexBytes } from '@lw/codec';
import type { TextLine } from './text-lines.js';

/** 2 MiB of datagram: the kernel makes none above 32 KiB, a socket's send buffer limits what we could send. */
export const maxLineChars: number = 4 * 1024 * 1024;

/** What stands for bytes that cannot be read, in the shape of a decode error. */
export interface LineError {
  readonly code: 'HEX' | 'LINE_LENGTH';
  /** Bytes that were read until there. */
  readonly offset: number;
  readonly path: '';
  readonly message: string;
}

export type HexLine =
  | { readonly kind: 'empty' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'error'; readonly error: LineError };

/** A UTF-8 byte order mark, read as the latin1 that lines are. */
const byteOrderMark = '\xef\xbb\xbf';

/** The datagram of a line: spaces are ignored, and all that stands behind a `#`. */
export function readHexLine(line: TextLine): HexLine {
  const { cut } = line;
  const marked = line.number === 1 && line.text.startsWith(byteOrderMark);
  const text = marked ? line.text.slice(byteOrderMark.length) : line.text;
  const comment = text.indexOf('#');
  // A cut line is a whole one when only its comment was cut.
  if (cut && comment < 0) {
    const reason = `the line is longer than ${maxLineChars} characters`;
    return lineError('LINE_LENGTH', Math.floor(digitsOf(text).length / 2), reason);
  }
  const hex = comment < 0 ? text : text.slice(0, comment);
  const digits = digitsOf(hex);
  if (digits === '') return { kind: 'empty' };
  const bytes = hexBytes(digits);
  return bytes === undefined ? readDecoratedHex(hex) : { kind: 'bytes', bytes };
}

/** Hex as other tools and languages write it: `0x14 0x00`, `14:00`, `14-00`. */
function readDecoratedHex(text: string): HexLine {
  const digits = digitsOf(
    text.replace(/\b0x/gi, '').replace(/(?<=[0-9a-f]{2})[:-](?=[0-9a-f]{2})/gi, ''),
  );
  if (digits === '') return lineError('HEX', 0, 'there are no digits behind 0x');
  const bytes = hexBytes(digits);
  return bytes === undefined ? badHex(digits) : { kind: 'bytes', bytes };
}

function digitsOf(text: string): string {
  return text.replace(/\s+/g, '');
}

function badHex(digits: string): HexLine {
  const at = digits.search(/[^0-9a-fA-F]/);
  if (at < 0) {
    return lineError('HEX', Math.floor(digits.length / 2), 'the number of hex digits is odd');
  }
  return lineError('HEX', Math.floor(at / 2), `'${digits[at]}' is no hex digit`);
}

function lineError(code: LineError['code'], offset: number, message: string): HexLine {
  return { kind: 'error', error: { code, offset, path: '', message } };
}
