/**
 * Names as people may see them (K36): control bytes, terminal escapes, line separators, characters that
 * reorder text, and bytes that are not UTF-8 become `\x1b`, `\u202e`. A backslash becomes two, so that the
 * result is unambiguous.
 */
export function escapeText(text: string): string {
  return text.replace(unsafe, escapeCharacter);
}

// Controls, format characters (bidirectional and zero-width marks, BOM), lone surrogates, line separators.
const unsafe = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) as number;
  if (character === '\\') return '\\\\';
  // A byte that is not UTF-8 (U+DC80 to U+DCFF, see readText): show the byte.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  const hex = code.toString(16);
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}
