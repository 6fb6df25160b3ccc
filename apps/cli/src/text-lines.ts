/** A line of input; `cut` when it was longer than the limit: then `text` is its beginning. */
export interface TextLine {
  readonly number: number;
  readonly text: string;
  readonly cut: boolean;
}

/**
 * The lines of each chunk of input, as they come in: a chunk's lines together, so that their answers can
 * be written together. Holds one line at most, cut at `maxLineChars`.
 */
export async function* textLines(
  input: AsyncIterable<Uint8Array>,
  maxLineChars: number,
): AsyncGenerator<TextLine[], void, undefined> {
  // Hex is ASCII: what is not becomes characters that no hex digit is, one a byte.
  const decoder = new TextDecoder('latin1');
  let rest = '';
  let cut = false;
  let number = 0;
  for await (const chunk of input) {
    const parts = decoder.decode(chunk, { stream: true }).split('\n');
    const lines: TextLine[] = [];
    for (const [index, part] of parts.entries()) {
      if (index > 0) {
        lines.push({ number: ++number, text: rest, cut });
        [rest, cut] = ['', false];
      }
      cut ||= rest.length + part.length > maxLineChars;
      rest += part.slice(0, maxLineChars - rest.length);
    }
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') yield [{ number: ++number, text: rest, cut }];
}
