/** Link-layer and IP addresses as canonical text (IPv6: RFC 5952) and back. */
import { hexBytes, readSeparatedHex } from './hex.js';

/** `02:00:00:00:01:00`; any length, because InfiniBand's are 20 bytes and a tunnel's 4 or 16. */
export function readMac(bytes: Uint8Array, start: number, end: number): string {
  return readSeparatedHex(bytes, start, end, ':');
}

/** The bytes of a link-layer address in the usual spelling, undefined when it is none. */
export function macBytes(text: string): Uint8Array | undefined {
  if (text !== '' && !/^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2})*$/.test(text)) return undefined;
  return hexBytes(text.replaceAll(/[:-]/g, ''));
}

/** `192.0.2.1` from the 4 bytes at `at`. */
export function readIpv4(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** The 4 bytes of a dotted quad, undefined when it is none. */
export function ipv4Bytes(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (let i = 0; i < 4; i++) {
    const part = parts[i] as string;
    // No leading zeros: half the world reads them as octal.
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bytes[i] = Number(part);
  }
  return bytes;
}

/** `2001:db8::1` from the 16 bytes at `at`, by RFC 5952 section 4 and 5. */
export function readIpv6(bytes: Uint8Array, at: number): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) {
    groups.push(((bytes[at + i] as number) << 8) | (bytes[at + i + 1] as number));
  }
  if (isIpv4Mapped(groups)) return `::ffff:${readIpv4(bytes, at + 12)}`;
  const zeros = longestZeros(groups);
  if (zeros.length < 2) return hexGroups(groups, 0, 8);
  return `${hexGroups(groups, 0, zeros.start)}::${hexGroups(groups, zeros.start + zeros.length, 8)}`;
}

function isIpv4Mapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

/** RFC 5952 section 4.2: the longest run of zero groups, the first of equal ones. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let i = 0; i <= 8; i++) {
    if (i < 8 && groups[i] === 0) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best;
}

function hexGroups(groups: readonly number[], from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++)
    text += (i > from ? ':' : '') + (groups[i] as number).toString(16);
  return text;
}

/** The 16 bytes of an IPv6 address (RFC 4291 section 2.2, no zone), undefined when it is none. */
export function ipv6Bytes(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupBytes(halves[0] as string, halves.length === 1);
  const tail = halves.length === 2 ? groupBytes(halves[1] as string, true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const zeros = 16 - head.length - tail.length;
  if (halves.length === 2 ? zeros < 2 : zeros !== 0) return undefined;
  return Uint8Array.from([...head, ...new Array<number>(zeros).fill(0), ...tail]);
}

function groupBytes(text: string, dottedEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    const quad = dottedEnd && index === groups.length - 1 ? ipv4Bytes(group) : undefined;
    if (quad !== undefined) bytes.push(...quad);
    else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return bytes;
}
