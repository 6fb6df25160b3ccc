/** Attributes as nodes: one a header and a payload, what stands behind the last one too. */
import { readHex } from '../wire/hex.js';
import {
  NLA_F_NESTED,
  NLA_F_NET_BYTEORDER,
  NLA_HDRLEN,
  NLA_TYPE_MASK,
  nlaAlign,
} from '../wire/nla.js';
import type { Context } from './context.js';
import {
  bytesAre,
  type ExplainFacts,
  type ExplainNode,
  joinNotes,
  nodeAt,
  paddingNodes,
  type Stretch,
} from './explain-node.js';
import type { JsonObject } from './json.js';
import type { SetModel } from './model.js';
import { walkAttributes } from './value.js';

/** What an attribute is; `nest` says whether its payload is attributes that want NLA_F_NESTED. */
export interface AttributeFacts extends ExplainFacts {
  readonly nest?: boolean;
}

export type Describe = (type: number, payload: Stretch) => AttributeFacts;

/** How attributes are read in this message. */
export interface Explaining extends Context {
  /** NLM_F_REQUEST is set: the kernel is the reader, and strict parsing wants NLA_F_NESTED. */
  readonly request: boolean;
}

/** A node for each attribute in a stretch, described by `describe`, and for all between and behind them. */
export function attributeNodes(
  explaining: Explaining,
  { start, end }: Stretch,
  describe: Describe,
): ExplainNode[] {
  const nodes: ExplainNode[] = [];
  let behind = start;
  const whole = walkAttributes(explaining, start, end, (type, from, to, at) => {
    nodes.push(
      attributeNode(explaining, { start: at, end: to }, describe(type, { start: from, end: to })),
    );
    behind = Math.min(end, at + nlaAlign(to - at));
    nodes.push(...paddingNodes(explaining, { start: to, end: behind }));
  });
  if (behind >= end) return nodes;
  const rest = { start: behind, end };
  nodes.push(whole ? restNode(explaining, rest, 'trailing bytes') : brokenNode(explaining, rest));
  return nodes;
}

/** Bytes that mean nothing here. */
export function restNode(context: Context, place: Stretch, note: string): ExplainNode {
  const value = readHex(context.bytes, place.start, place.end);
  return nodeAt(context, place, { name: 'rest', type: 'binary', value, note });
}

/** `ifla-` and `carrier-up-count` as `<linux/if_link.h>` has them: IFLA_CARRIER_UP_COUNT. */
export function cNameOf({ prefix }: SetModel, name: string): { cName?: string } {
  if (prefix === '') return {};
  return { cName: `${prefix}${name}`.replaceAll('-', '_').toUpperCase() };
}

function attributeNode(
  explaining: Explaining,
  place: Stretch,
  { nest, ...facts }: AttributeFacts,
): ExplainNode {
  const from = place.start + NLA_HDRLEN;
  const flags = flagsAt(explaining, place.start);
  const header = nodeAt(
    explaining,
    { start: place.start, end: from },
    headerFacts(explaining, place.start),
  );
  const payload = facts.children ?? payloadNodes(explaining, { start: from, end: place.end });
  const note = joinNotes(facts.note, nestNote(explaining, flags, nest));
  return nodeAt(explaining, place, { ...facts, ...note, children: [header, ...payload] });
}

function flagsAt({ view, little }: Context, at: number): number {
  return view.getUint16(at + 2, little) & ~NLA_TYPE_MASK;
}

function nestNote({ request }: Explaining, flags: number, nest?: boolean): string | undefined {
  const marked = (flags & NLA_F_NESTED) !== 0;
  if (nest === true) return marked || !request ? undefined : 'no NLA_F_NESTED';
  return nest === false && marked ? 'NLA_F_NESTED on a value without attributes' : undefined;
}

// struct nlattr { __u16 nla_len; __u16 nla_type; };
function headerFacts(context: Context, at: number): ExplainFacts {
  const { view, little } = context;
  const flags = flagsAt(context, at);
  const value: JsonObject = {
    len: view.getUint16(at, little),
    type: view.getUint16(at + 2, little) & NLA_TYPE_MASK,
  };
  const names = [
    ...((flags & NLA_F_NESTED) === 0 ? [] : ['nested']),
    ...((flags & NLA_F_NET_BYTEORDER) === 0 ? [] : ['net-byteorder']),
  ];
  if (names.length > 0) value.flags = names;
  return { name: 'nlattr', cName: 'nlattr', type: 'struct nlattr', value, role: 'header' };
}

function payloadNodes(context: Context, place: Stretch): ExplainNode[] {
  if (place.start >= place.end) return [];
  return [nodeAt(context, place, { name: 'payload', role: 'payload' })];
}

/** An attribute with a length that cannot be: nothing behind it can be read either. */
function brokenNode(context: Context, place: Stretch): ExplainNode {
  const { view, little } = context;
  const length = view.getUint16(place.start, little);
  const type = view.getUint16(place.start + 2, little) & NLA_TYPE_MASK;
  const note = `truncated: nla_len is ${length}, ${bytesAre(place.end - place.start)} left`;
  return { ...restNode(context, place, note), name: `attribute ${type}` };
}
