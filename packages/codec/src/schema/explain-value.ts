/** Payloads as nodes, along the tables: the walk that decoding does, with its limits. */
import { readHex } from '../wire/hex.js';
import { nlaAlign } from '../wire/nla.js';
import { enter, maxNestingDepth, type Scope } from './context.js';
import {
  type AttributeFacts,
  attributeNodes,
  cNameOf,
  type Explaining,
} from './explain-attributes.js';
import {
  bytesAre,
  type ExplainNode,
  joinNotes,
  nodeAt,
  paddingNodes,
  type Stretch,
} from './explain-node.js';
import { explainStruct, plainFacts, shortStruct } from './explain-struct.js';
import { typeText } from './explain-type.js';
import type { FormatModel, SetModel, StructModel, Value } from './model.js';
import { selectorsOf } from './selectors.js';
import { selectFormat } from './sub-message.js';

/** A payload, with what encloses it. */
export interface NestPlace extends Stretch {
  readonly depth: number;
  readonly outer: Scope | undefined;
}

type PayloadFacts = Omit<AttributeFacts, 'name'>;

/** The attributes of a set. */
export function explainSet(explaining: Explaining, set: SetModel, place: NestPlace): ExplainNode[] {
  const record = selectorsOf(explaining, set, place.start, place.end);
  const outer: Scope = { record, outer: place.outer };
  return attributeNodes(explaining, place, (type, payload) => {
    const attribute = set.byId.get(type);
    if (attribute === undefined) return unknownFacts(explaining, type, payload);
    const inside = { ...payload, depth: place.depth, outer };
    const { name, value } = attribute;
    return { name, ...cNameOf(set, name), ...explainValue(explaining, value, inside) };
  });
}

function unknownFacts(
  { bytes }: Explaining,
  type: number,
  { start, end }: Stretch,
): AttributeFacts {
  const value = readHex(bytes, start, end);
  return { name: `attribute ${type}`, type: 'binary', value, note: 'unknown' };
}

function explainValue(explaining: Explaining, value: Value, place: NestPlace): PayloadFacts {
  const type = typeText(value);
  switch (value.kind) {
    case 'nest':
      if (!enter(explaining, place.start, place.depth)) return tooDeep(type);
      return { type, nest: true, children: explainSet(explaining, value.set, deeper(place)) };
    case 'struct':
      return { type, nest: false, ...structFacts(explaining, value.struct, place) };
    case 'indexed':
      return { type, nest: true, children: itemNodes(explaining, value.item, place) };
    case 'typed':
      return { ...explainTyped(explaining, value, value.keys, place), type };
    case 'sub-message':
      return explainSubMessage(explaining, value, place);
    default:
      // Binary may be a nest that the tables do not describe.
      return {
        ...(value.kind === 'bytes' ? {} : { nest: false }),
        ...plainFacts(explaining, value, place),
      };
  }
}

function deeper(place: NestPlace): NestPlace {
  return { ...place, depth: place.depth + 1 };
}

function tooDeep(type: string): PayloadFacts {
  return { type, note: `not entered: nests deeper than ${maxNestingDepth}` };
}

function structFacts(
  explaining: Explaining,
  struct: StructModel,
  place: Stretch,
): Pick<ExplainNode, 'note' | 'children'> {
  const children = explainStruct(explaining, struct, place);
  return { ...joinNotes(shortStruct(struct, place)), children };
}

function itemNodes(explaining: Explaining, item: Value, place: NestPlace): ExplainNode[] {
  return attributeNodes(explaining, place, (index, payload) => ({
    name: `[${index}]`,
    ...explainValue(explaining, item, { ...place, ...payload }),
  }));
}

/** A nest-type-value: the type number of each level is the value of a key. Decoding reads the first of each. */
function explainTyped(
  explaining: Explaining,
  value: Extract<Value, { kind: 'typed' }>,
  keys: readonly string[],
  place: NestPlace,
): PayloadFacts {
  const [name, ...others] = keys;
  if (name === undefined) return explainValue(explaining, value.item, place);
  let first = true;
  const children = attributeNodes(explaining, place, (number, payload) => {
    const inside = explainTyped(explaining, value, others, { ...place, ...payload });
    const note = first ? inside.note : 'decoding reads the first one only';
    first = false;
    // A plain innermost payload has a value of its own: its type number stands in the header then.
    return { value: number, ...inside, ...joinNotes(note), name };
  });
  const there = place.end - place.start;
  const lacks =
    first && there < 4 ? `an attribute header wanted, ${bytesAre(there)} there` : undefined;
  return { nest: true, ...joinNotes(lacks), children };
}

function explainSubMessage(
  explaining: Explaining,
  value: Extract<Value, { kind: 'sub-message' }>,
  place: NestPlace,
): PayloadFacts {
  const type = typeText(value);
  const format = selectFormat(value, place.outer);
  const empty = format !== undefined && format.header === undefined && format.set === undefined;
  if (format === undefined || (empty && place.end > place.start)) {
    const hex = readHex(explaining.bytes, place.start, place.end);
    const note = empty ? 'the format has no payload' : `no format for this ${value.selector}`;
    return { type, value: hex, note };
  }
  if (!enter(explaining, place.start, place.depth)) return tooDeep(type);
  return { type, ...formatFacts(explaining, format, place) };
}

function formatFacts(explaining: Explaining, format: FormatModel, place: NestPlace): PayloadFacts {
  const { header, set } = format;
  if (header === undefined) {
    return set === undefined
      ? { nest: false, children: [] }
      : { nest: true, children: explainSet(explaining, set, deeper(place)) };
  }
  if (set === undefined) return { nest: false, ...structFacts(explaining, header, place) };
  const { start } = place;
  const end = Math.min(place.end, start + header.size);
  const from = Math.min(place.end, start + nlaAlign(header.size));
  return {
    children: [
      ...headerNodes(explaining, header, { start, end }),
      ...paddingNodes(explaining, { start: end, end: from }),
      ...explainSet(explaining, set, deeper({ ...place, start: from })),
    ],
  };
}

/** A fixed header; none when not a byte of it is there. */
export function headerNodes(
  explaining: Explaining,
  struct: StructModel,
  place: Stretch,
): ExplainNode[] {
  if (place.start >= place.end) return [];
  const facts = structFacts(explaining, struct, place);
  return [
    nodeAt(explaining, place, { name: struct.name, type: `struct ${struct.name}`, ...facts }),
  ];
}
