/** Writing of attribute sets and what stands in them. */
import { EncodeError } from '../errors.js';
import { NLA_F_NESTED, NLA_TYPE_MASK } from '../wire/nla.js';
import type { Writer } from '../wire/writer.js';
import { checkValue, expectRecord } from './check.js';
import { maxNestingDepth, type Scope } from './context.js';
import { writeStruct } from './encode-struct.js';
import { maxU16, within } from './framing.js';
import { isMember } from './member.js';
import type { AttributeModel, FormatModel, SetModel, Value } from './model.js';
import { bytesOf, writeScalar } from './scalar.js';
import { selectFormat } from './sub-message.js';

/** Bytes of a netlink attribute: `nla_len` is 16 bits. */
const maxAttributeBytes = 0xffff;

export function writeSet(
  writer: Writer,
  set: SetModel,
  record: Record<string, unknown>,
  path: string,
  depth: number,
  outer: Scope | undefined,
): void {
  if (depth > maxNestingDepth) {
    throw new EncodeError('NESTING_DEPTH', path, `nests deeper than ${maxNestingDepth}`);
  }
  const scope: Scope = { record, outer };
  for (const [key, value] of Object.entries(record)) {
    if (value === undefined || key === '_index') continue;
    if (key === 'unknown') writeUnknowns(writer, value, `${path}.unknown`);
    else
      writeAttributes(writer, attributeOf(set, key, path), value, `${path}.${key}`, depth, scope);
  }
}

function attributeOf(set: SetModel, key: string, path: string): AttributeModel {
  const attribute = set.byKey.get(key);
  if (attribute !== undefined) return attribute;
  throw new EncodeError('UNKNOWN_ATTRIBUTE', `${path}.${key}`, `no such attribute in ${set.name}`);
}

function writeAttributes(
  writer: Writer,
  attribute: AttributeModel,
  value: unknown,
  path: string,
  depth: number,
  scope: Scope,
): void {
  if (!attribute.multi || !Array.isArray(value)) {
    writeAttribute(writer, attribute, value, path, depth, scope);
    return;
  }
  for (const [index, item] of value.entries()) {
    writeAttribute(writer, attribute, item, `${path}[${index}]`, depth, scope);
  }
}

function writeAttribute(
  writer: Writer,
  { id, value: type, checks }: AttributeModel,
  value: unknown,
  path: string,
  depth: number,
  scope: Scope,
): void {
  if (type.kind === 'flag' && value === false) return;
  const at = writer.length;
  attribute(writer, id | nestedBit(type, value, scope), path, () =>
    writeValue(writer, type, value, path, depth, scope),
  );
  if (checks !== undefined) checkValue(checks, type, value, writer.payloadBytes(at), path);
}

/** Writes an attribute's header, its payload and its padding. */
function attribute(writer: Writer, type: number, path: string, payload: () => void): void {
  const at = writer.length;
  writer.u16(0);
  writer.u16(type);
  payload();
  const length = writer.length - at;
  if (length > maxAttributeBytes) {
    throw new EncodeError(
      'WRONG_LENGTH',
      path,
      `${length} bytes, an attribute holds ${maxAttributeBytes}`,
    );
  }
  writer.patchU16(at, length);
  writer.align(4);
}

/** K28: the bit is set by the schema, whatever the kernel itself does when it answers. */
function nestedBit(type: Value, value: unknown, scope: Scope): number {
  if (value instanceof Uint8Array) return 0;
  switch (type.kind) {
    case 'nest':
    case 'indexed':
    case 'typed':
      return NLA_F_NESTED;
    case 'sub-message':
      // A sub-message that is a struct alone (tc pfifo) is no nest.
      return selectFormat(type, scope)?.set === undefined ? 0 : NLA_F_NESTED;
    default:
      return 0;
  }
}

/** Raw attributes, as decoding left them or as JSON has them (`hex` for `bytes`). */
export function writeUnknowns(writer: Writer, list: unknown, path: string): void {
  if (!Array.isArray(list)) throw new EncodeError('WRONG_TYPE', path, 'an array is wanted');
  for (const [index, entry] of list.entries()) {
    const at = `${path}[${index}]`;
    const { type, flags = 0, bytes, hex } = expectRecord(entry, at);
    const number = within(type, NLA_TYPE_MASK, `${at}.type`) | within(flags, maxU16, `${at}.flags`);
    attribute(writer, number, at, () => writer.bytes(bytesOf(bytes ?? hex, `${at}.bytes`)));
  }
}

function writeValue(
  writer: Writer,
  type: Value,
  value: unknown,
  path: string,
  depth: number,
  scope: Scope,
): void {
  switch (type.kind) {
    case 'nest':
      writeNest(writer, type.set, value, path, depth, scope);
      return;
    case 'indexed':
      writeIndexed(writer, type.item, value, path, depth, scope);
      return;
    case 'typed':
      writeTyped(writer, type, expectRecord(value, path), path, depth, scope);
      return;
    case 'sub-message':
      writeSubMessage(writer, type, value, path, depth, scope);
      return;
    case 'struct':
      if (value instanceof Uint8Array) writer.bytes(value);
      else writeStruct(writer, type.struct, expectRecord(value, path), path);
      return;
    default:
      writeScalar(writer, type, value, path);
  }
}

function writeNest(
  writer: Writer,
  set: SetModel,
  value: unknown,
  path: string,
  depth: number,
  scope: Scope | undefined,
): void {
  if (value instanceof Uint8Array) writer.bytes(value);
  else writeSet(writer, set, expectRecord(value, path), path, depth + 1, scope);
}

function writeIndexed(
  writer: Writer,
  item: Value,
  value: unknown,
  path: string,
  depth: number,
  scope: Scope,
): void {
  if (!Array.isArray(value)) throw new EncodeError('WRONG_TYPE', path, 'an array is wanted');
  // The kernel counts nests from 1 (nla_nest_start(skb, i + 1)) and plain items from 0.
  const first = item.kind === 'nest' ? 1 : 0;
  for (const [position, entry] of value.entries()) {
    const at = `${path}[${position}]`;
    const { _index, value: plain } = isIndexed(entry) ? entry : { _index: undefined, value: entry };
    const index = within(_index ?? position + first, NLA_TYPE_MASK, `${at}._index`);
    const payload = item.kind === 'nest' ? entry : plain;
    attribute(writer, index | nestedBit(item, payload, scope), at, () =>
      writeValue(writer, item, payload, at, depth, scope),
    );
  }
}

function isIndexed(entry: unknown): entry is { _index: unknown; value?: unknown } {
  return typeof entry === 'object' && entry !== null && '_index' in entry;
}

function writeTyped(
  writer: Writer,
  type: Extract<Value, { kind: 'typed' }>,
  record: Record<string, unknown>,
  path: string,
  depth: number,
  scope: Scope,
): void {
  const { value, ...rest } = record;
  const inner = Object.fromEntries(
    Object.entries(rest).filter(([key]) => !type.keys.includes(key)),
  );
  const innermost = (): void =>
    writeValue(writer, type.item, type.item.kind === 'nest' ? inner : value, path, depth, scope);
  const levels = type.keys.reduceRight<() => void>((payload, key, index) => {
    const number = within(record[key], NLA_TYPE_MASK, `${path}.${key}`);
    const last = index === type.keys.length - 1;
    const bit = last && type.item.kind !== 'nest' ? 0 : NLA_F_NESTED;
    return () => attribute(writer, number | bit, path, payload);
  }, innermost);
  levels();
}

function writeSubMessage(
  writer: Writer,
  type: Extract<Value, { kind: 'sub-message' }>,
  value: unknown,
  path: string,
  depth: number,
  scope: Scope,
): void {
  if (value instanceof Uint8Array) {
    writer.bytes(value);
    return;
  }
  const format = selectFormat(type, scope);
  if (format === undefined) {
    const reason = `no format for this ${type.selector}; known: ${type.message.selectors.join(', ')}`;
    throw new EncodeError('NO_FORMAT', path, reason);
  }
  writeFormat(writer, format, expectRecord(value, path), path, depth, scope);
}

function writeFormat(
  writer: Writer,
  { header, set }: FormatModel,
  record: Record<string, unknown>,
  path: string,
  depth: number,
  scope: Scope,
): void {
  const members = Object.entries(record).filter((entry) => isMember(header, set, entry));
  const attrs = Object.entries(record).filter((entry) => !isMember(header, set, entry));
  if (header !== undefined) {
    writeStruct(writer, header, Object.fromEntries(members), path);
    writer.align(4);
  }
  if (set !== undefined) writeSet(writer, set, Object.fromEntries(attrs), path, depth + 1, scope);
  else if (attrs.some(([, value]) => value !== undefined)) {
    throw new EncodeError(
      'UNKNOWN_ATTRIBUTE',
      path,
      `takes no attributes: ${attrs.map(([k]) => k).join(', ')}`,
    );
  }
}
