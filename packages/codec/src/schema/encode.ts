import { EncodeError } from '../errors.js';
import { NETLINK_GENERIC } from '../netlink/protocols.js';
import type { Endian } from '../wire/endian.js';
import { NLA_F_NESTED, NLA_TYPE_MASK } from '../wire/nla.js';
import { Writer } from '../wire/writer.js';
import { checkValue, expectRecord } from './check.js';
import { maxNestingDepth, type Scope, type UnknownAttribute } from './context.js';
import type { Operation, OperationTypes } from './family.js';
import { isMember } from './member.js';
import type {
  AttributeModel,
  FormatModel,
  MemberModel,
  SetModel,
  StructModel,
  Value,
} from './model.js';
import { bytesOf, writeScalar } from './scalar.js';
import { selectFormat } from './value.js';

/** What a request says: members of the fixed header and attributes, both by camelCase name. */
export interface RequestBody<T extends OperationTypes = OperationTypes> {
  /** Members left out are zero. */
  readonly header?: Partial<T['header']>;
  /** Written in the order of the object's keys. */
  readonly attrs?: T['attrs'];
  /** Attributes that the tables do not know, written behind the others, untouched. */
  readonly unknown?: readonly UnknownAttribute[];
}

/** The message around it. */
export interface RequestEnvelope {
  /** NLM_F_*; NLM_F_REQUEST is not added by itself. */
  readonly flags: number;
  readonly seq: number;
  /** Own port id; 0 is what the kernel expects from most. */
  readonly portId?: number;
  /** Message type when it is not the operation's: the run-time id of a generic netlink family. */
  readonly type?: number;
  /** `reply` numbers the message as the kernel's answer is numbered; a simulated kernel wants that. */
  readonly direction?: 'request' | 'reply';
  /** Version in the generic netlink header when it is not the family's. */
  readonly version?: number;
  readonly endian?: Endian;
}

/** Bytes of a netlink attribute: `nla_len` is 16 bits. */
const maxAttributeBytes = 0xffff;

/**
 * Encodes a request of an operation.
 *
 * @throws EncodeError whose `path` names the value (`attrs.linkinfo.data.id`): unknown attribute, wrong type,
 * out of range, a failed check of the tables.
 */
export function encodeRequest<T extends OperationTypes>(
  operation: Operation<T>,
  request: RequestBody<T> & RequestEnvelope,
): Uint8Array {
  const writer = new Writer(request.endian);
  writeMessageHeader(writer, operation, request);
  const { header, set } = operation.model;
  if (header !== undefined) {
    writeStruct(writer, header, request.header ?? {}, 'header');
    writer.align(4);
  }
  const attrs = (request.attrs ?? {}) as Record<string, unknown>;
  if (set !== undefined) writeSet(writer, set, attrs, 'attrs', 0, undefined);
  else if (Object.keys(attrs).length > 0) {
    throw new EncodeError('UNKNOWN_ATTRIBUTE', 'attrs', `${operation.name} takes no attributes`);
  }
  if (request.unknown !== undefined) writeUnknowns(writer, request.unknown, 'unknown');
  writer.patchU32(0, writer.length);
  return writer.finish();
}

function writeMessageHeader(writer: Writer, operation: Operation, envelope: RequestEnvelope): void {
  const { family } = operation;
  const isReply = envelope.direction === 'reply';
  const code = isReply ? (operation.reply ?? operation.request) : operation.request;
  if (code === undefined) {
    throw new EncodeError(
      'UNKNOWN_OPERATION',
      operation.name,
      'is a notification: it has no request',
    );
  }
  const generic = family.protocol === NETLINK_GENERIC;
  const type = envelope.type ?? (generic ? undefined : code);
  if (type === undefined) {
    const reason = `the id of the generic netlink family ${family.name} is known at run time only: give it as type`;
    throw new EncodeError('UNKNOWN_OPERATION', operation.name, reason);
  }
  writer.u32(0);
  writer.u16(within(type, maxU16, 'type'));
  writer.u16(within(envelope.flags, maxU16, 'flags'));
  writer.u32(envelope.seq);
  writer.u32(envelope.portId ?? 0);
  if (generic) {
    writer.u8(code);
    writer.u8(envelope.version ?? family.model.table.genericVersion ?? 1);
    writer.u16(0);
  }
}

const maxU16 = 0xffff;

/** A number of the message's own framing. @throws EncodeError where it does not fit its field */
function within(value: unknown, max: number, path: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max)
    return value;
  throw new EncodeError(
    'OUT_OF_RANGE',
    path,
    `${String(value)} is no whole number from 0 to ${max}`,
  );
}

function writeSet(
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
function writeUnknowns(writer: Writer, list: unknown, path: string): void {
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

/** Members that are absent are zero; a tail that a longer struct had is written behind. */
function writeStruct(writer: Writer, struct: StructModel, record: object, path: string): void {
  const start = writer.length;
  const values = record as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(values)) {
    if (struct.byKey.has(key) || key === 'tail' || values[key] === undefined) continue;
    throw new EncodeError(
      'UNKNOWN_MEMBER',
      `${path}.${key}`,
      `no such member in struct ${struct.name}`,
    );
  }
  for (const member of struct.members) {
    writer.zeros(start + member.offset - writer.length);
    writeMember(writer, member.value, member.size, values[member.key], `${path}.${member.key}`);
  }
  writer.zeros(start + struct.size - writer.length);
  if (struct.rest !== undefined) writeRest(writer, struct.rest, values[struct.rest.key], path);
  if (values.tail !== undefined) writer.bytes(bytesOf(values.tail, `${path}.tail`));
}

function writeRest(writer: Writer, rest: MemberModel, value: unknown, path: string): void {
  if (value === undefined) return;
  const at = `${path}.${rest.key}`;
  if (!Array.isArray(value)) throw new EncodeError('WRONG_TYPE', at, 'an array is wanted');
  for (const [index, item] of value.entries()) {
    writeMember(writer, rest.value, rest.size, item, `${at}[${index}]`);
  }
}

function writeMember(
  writer: Writer,
  type: Value,
  size: number,
  value: unknown,
  path: string,
): void {
  const start = writer.length;
  if (value === undefined) writer.zeros(size);
  else if (type.kind === 'struct')
    writeStruct(writer, type.struct, expectRecord(value, path), path);
  else writeScalar(writer, type, value, path, { inStruct: true });
  const written = writer.length - start;
  if (written > size) {
    throw new EncodeError('WRONG_LENGTH', path, `${written} bytes where the struct has ${size}`);
  }
  writer.zeros(size - written);
}
