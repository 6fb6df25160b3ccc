import { readHex } from '../wire/hex.js';
import type { Context } from './context.js';
import {
  bytesAre,
  type ExplainFacts,
  type ExplainNode,
  nodeAt,
  paddingNodes,
  type Stretch,
} from './explain-node.js';
import { typeText } from './explain-type.js';
import { valueJson } from './json.js';
import type { MemberModel, StructModel, Value } from './model.js';
import { decodeValue, expectedSize } from './value.js';

/** Type and value of a payload without parts; hex and a note where its size does not fit. */
export function plainFacts(
  context: Context,
  value: Value,
  { start, end }: Stretch,
): Omit<ExplainFacts, 'name'> {
  const type = typeText(value);
  if (value.kind === 'pad') return { type };
  const decoded = decodeValue(context, value, start, end, 0, undefined);
  if (decoded !== undefined) return { type, value: valueJson(value, decoded, undefined) };
  const note = `wrong size: ${expectedSize(value)} wanted, ${bytesAre(end - start)} there`;
  return { type, value: readHex(context.bytes, start, end), note };
}

/**
 * The members of a struct, the padding between them and what stands behind them. It may be shorter or
 * longer than the one that the tables know (K34).
 */
export function explainStruct(
  context: Context,
  struct: StructModel,
  { start, end }: Stretch,
): ExplainNode[] {
  const nodes: ExplainNode[] = [];
  let at = start;
  for (const member of struct.members) {
    const from = start + member.offset;
    if (from >= end) break;
    nodes.push(...paddingNodes(context, { start: at, end: from }));
    at = Math.min(end, from + member.size);
    nodes.push(memberNode(context, member, { start: from, end: at }));
  }
  const known = Math.min(end, start + struct.size);
  nodes.push(...paddingNodes(context, { start: at, end: known }));
  const items = restNodes(context, struct.rest, { start: known, end });
  const behind = known + items.length * (struct.rest?.size ?? 0);
  return [...nodes, ...items, ...tailNodes(context, { start: behind, end })];
}

/** Says of a struct that it ends before its last member. */
export function shortStruct({ size }: StructModel, { start, end }: Stretch): string | undefined {
  return end - start < size ? `short: ${end - start} of ${size} bytes` : undefined;
}

function memberNode(
  context: Context,
  { name, size, value }: Pick<MemberModel, 'name' | 'size' | 'value'>,
  place: Stretch,
): ExplainNode {
  const there = place.end - place.start;
  if (there < size) {
    const hex = readHex(context.bytes, place.start, place.end);
    const note = `truncated: ${there} of ${size} bytes`;
    return nodeAt(context, place, { name, type: typeText(value), value: hex, note });
  }
  if (value.kind !== 'struct') {
    return nodeAt(context, place, { name, ...plainFacts(context, value, place) });
  }
  const children = explainStruct(context, value.struct, place);
  return nodeAt(context, place, { name, type: typeText(value), children });
}

/** The member that repeats, item for item. */
function restNodes(
  context: Context,
  rest: MemberModel | undefined,
  { start, end }: Stretch,
): ExplainNode[] {
  const nodes: ExplainNode[] = [];
  if (rest === undefined || rest.size === 0) return nodes;
  for (let at = start; at + rest.size <= end; at += rest.size) {
    const name = `${rest.name}[${nodes.length}]`;
    nodes.push(memberNode(context, { ...rest, name }, { start: at, end: at + rest.size }));
  }
  return nodes;
}

function tailNodes(context: Context, place: Stretch): ExplainNode[] {
  if (place.start >= place.end) return [];
  const value = readHex(context.bytes, place.start, place.end);
  const note = 'behind the members that the tables know';
  return [nodeAt(context, place, { name: 'tail', type: 'binary', value, note })];
}
