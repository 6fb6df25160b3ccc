import type { TextLine } from './text-lines.js';

/** What ends a line of `xxd -p` without -c: 30 bytes. */
const xxdWrapDigits = 60;

/** Why a line that could not be decoded may be no hex line at all, with what to do; undefined: no idea. */
export function hexHint({ text }: TextLine): string | undefined {
  // Control bytes are in almost any netlink header, and in no text but for white space.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\x00-\x08\x0e-\x1f]/.test(text)) {
    return 'the input is binary; as hex: xxd -p -c 0 FILE | lw decode --hex';
  }
  const digits = text.trim();
  if (digits.length === xxdWrapDigits && /^[0-9a-f]+$/i.test(digits)) {
    return 'a line of 60 digits may be one that xxd -p wrapped: use xxd -p -c 0';
  }
  return undefined;
}
