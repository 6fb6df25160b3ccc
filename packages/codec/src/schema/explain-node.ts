import type { Context } from './context.js';
import type { Json } from './json.js';

/** A stretch of a message's bytes and what it is. A node without children is a leaf. */
export interface ExplainNode {
  /** Bytes from the start of the datagram. */
  readonly start: number;
  /** The byte behind the last one. */
  readonly end: number;
  /** YNL name of an attribute or member, name of a header's field, `[3]` for an item. */
  readonly name: string;
  /** The kernel's name: `IFLA_MTU`, `nlmsg_len`. Absent where the tables do not tell it. */
  readonly cName?: string;
  /** `u32 be`, `string`, `nest link-attrs`; the family's name for a message. */
  readonly type?: string;
  /** As `toJson` shows it; absent where the children hold it. */
  readonly value?: Json;
  /** What a reader should know, such as `unknown`, a wrong size, bytes too many. */
  readonly note?: string;
  /** Bytes without a meaning of their own: an attribute's header, its plain payload, alignment. */
  readonly role?: 'header' | 'payload' | 'padding';
  readonly children?: readonly ExplainNode[];
}

/** A node without its place. */
export type ExplainFacts = Omit<ExplainNode, 'start' | 'end'>;

/** A stretch of the context's bytes. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The node of a stretch: its offsets count from the start of the datagram. */
export function nodeAt(
  { base }: Context,
  { start, end }: Stretch,
  facts: ExplainFacts,
): ExplainNode {
  return { start: base + start, end: base + end, ...facts };
}

/** Alignment bytes, when there are any. The kernel sends zeros; others leak what was there before. */
export function paddingNodes(context: Context, { start, end }: Stretch): ExplainNode[] {
  if (start >= end) return [];
  const clean = context.bytes.subarray(start, end).every((byte) => byte === 0);
  const facts = { name: 'padding', role: 'padding' as const };
  return [
    nodeAt(context, { start, end }, clean ? facts : { ...facts, note: 'padding that is not zero' }),
  ];
}

/** One note of several, undefined when none is there. */
export function joinNotes(...notes: readonly (string | undefined)[]): { note?: string } {
  const said = notes.filter((note) => note !== undefined);
  return said.length === 0 ? {} : { note: said.join('; ') };
}

/** `1 byte is`, `3 bytes are`: how notes begin that count. */
export function bytesAre(count: number): string {
  return count === 1 ? '1 byte is' : `${count} bytes are`;
}
