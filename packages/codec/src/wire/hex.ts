/** Two lower-case digits for each byte value. */
const digits: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/** Lower-case hex of `bytes[start, end)`, without separators. */
export function readHex(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = '';
  for (let at = start; at < end; at++) text += digits[bytes[at] as number];
  return text;
}

/** The bytes of an even number of hex digits; undefined when `text` is anything else. */
export function hexBytes(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Hex with a separator between bytes, as link-layer addresses are written: `02:00:5e:10:00:01`. */
export function readSeparatedHex(
  bytes: Uint8Array,
  start: number,
  end: number,
  separator: string,
): string {
  if (start >= end) return '';
  let text = digits[bytes[start] as number] as string;
  for (let at = start + 1; at < end; at++) text += separator + digits[bytes[at] as number];
  return text;
}
