/** Cells that text takes on a terminal. Escaped text only: no control characters. */
export function cellWidth(text: string): number {
  // Nearly all names are ASCII: no need to look at characters.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** Text in at most `width` cells; an ellipsis stands for what was cut. */
export function cutToWidth(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  let kept = '';
  let used = 1; // of the ellipsis
  for (const char of text) {
    used += charWidth(char);
    if (used > width) break;
    kept += char;
  }
  return width < 1 ? '' : `${kept}…`;
}

/** Marks that combine take no cell; East Asian wide ones and emoji take two (Unicode TR 11). */
function charWidth(char: string): number {
  if (/\p{Mn}|\p{Me}/u.test(char)) return 0;
  return wide.test(char) ? 2 : 1;
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
