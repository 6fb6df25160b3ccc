/** The tree of `explainMessage` as text, a line a node. */
import { readHex } from '../wire/hex.js';
import type { ExplainNode } from './explain-node.js';
import type { Json } from './json.js';

/** Bytes of hex in a line: an attribute's header and a small payload. */
const defaultWidth = 8;

/** Characters of a value in a line; keys, certificates and statistics would fill pages. */
const maxValueChars = 80;

/**
 * One line a node: offset, hex, indentation, the kernel's name, name, type and value, note. A line shows
 * the bytes that no line under it shows, cut after `width`. An attribute's header and plain payload stand
 * in its own line; padding has one only where it is not zero.
 * `bytes` is the datagram. Text from the wire is written as JSON writes it and safe on a terminal (K36).
 */
export function explainText(
  node: ExplainNode,
  bytes: Uint8Array,
  options: { readonly width?: number } = {},
): string {
  const width = Math.max(1, options.width ?? defaultWidth);
  const lines: string[] = [];
  const offsetChars = String(node.end).length;
  const write = (item: ExplainNode, depth: number): void => {
    const shown = (item.children ?? []).filter(hasLine);
    const offset = String(item.start).padStart(offsetChars);
    const hex = hexColumn(bytes, item.start, shown[0]?.start ?? item.end, width);
    lines.push(safe(`${offset}  ${hex}  ${'  '.repeat(depth)}${wordsOf(item)}`));
    for (const child of shown) write(child, depth + 1);
  };
  write(node, 0);
  return `${lines.join('\n')}\n`;
}

function hasLine({ role, note }: ExplainNode): boolean {
  return role === undefined || note !== undefined;
}

function hexColumn(bytes: Uint8Array, start: number, end: number, width: number): string {
  const cut = end - start > width;
  const hex = readHex(bytes, start, cut ? start + width : Math.max(start, end));
  const text = hex.replace(/..(?=.)/g, '$& ');
  return `${text}${cut ? '…' : ' '}`.padEnd(3 * width);
}

function wordsOf({ cName, name, type, value, note }: ExplainNode): string {
  const names = cName === undefined || cName === name ? name : `${cName} ${name}`;
  const kind = type === undefined || type === `struct ${name}` ? '' : `: ${type}`;
  const equals = value === undefined ? '' : ` = ${valueText(value, type)}`;
  const remark = note === undefined ? '' : `  (${note})`;
  return `${names}${kind}${equals}${remark}`;
}

function valueText(value: Json, type: string | undefined): string {
  if (value === '' && type !== 'string') return 'empty';
  const text = typeof value !== 'string' || type === 'string' ? compact(value) : value;
  return text.length > maxValueChars ? `${text.slice(0, maxValueChars)}…` : text;
}

/** Names of flags and plain numbers without brackets; anything else as JSON. */
function compact(value: Json): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  const plain = value.every((item) => typeof item === 'string' || typeof item === 'number');
  return plain ? value.join(' ') || 'none' : JSON.stringify(value);
}

// Controls, format characters (bidirectional and zero-width marks), lone surrogates, line separators.
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Also what a specification made at run time calls things. */
function safe(line: string): string {
  return line.replace(unsafe, (character) => {
    const hex = (character.codePointAt(0) as number).toString(16);
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
  });
}
