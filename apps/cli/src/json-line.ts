/** Characters that JSON leaves as they are and a terminal may act on (K36): those that `escapeText` escapes. */
const risky =
  /[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** One line of JSON that is safe on a terminal, with its newline. A bigint becomes a number or text. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? exact(item) : item));
  return `${text.replace(risky, escapeUnit)}\n`;
}

function exact(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function escapeUnit(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
