/**
 * Names as people may see them (K36): control bytes, terminal escapes, line separators, characters that
 * reorder text, and bytes that are not UTF-8 become `\x1b`, `\u202e`. A backslash becomes two, so that the
 * result is unambiguous.
 */
export function escapeText(text: string): string {
  return text.replace(unsafe, escapeCharacter);
}

// C0, DEL, C1; soft hyphen; bidirectional and zero-width marks; line separators; BOM; lone surrogates.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const unsafe =
  /[\x00-\x1f\x7f-\x9f\\\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  if (character === '\\') return '\\\\';
  // A byte that is not UTF-8 (U+DC80 to U+DCFF, see readText): show the byte.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
