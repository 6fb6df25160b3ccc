/**
 * Decoded values as JSON values: flags as names, bigints as numbers where that is exact, bytes as hex.
 * What a value means stands in the tables only, so the walk goes along them.
 */
import { readHex } from '../wire/hex.js';
import type { DecodedRecord, Scope, UnknownAttribute } from './context.js';
import type { DecodedMessage } from './decode.js';
import { exactNumber } from './exact-number.js';
import type { Operation } from './family.js';
import { isMember } from './member.js';
import type { EnumModel, SetModel, StructModel, Value } from './model.js';
import { selectFormat } from './sub-message.js';

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** An attribute that the tables do not know, as JSON has it. */
export interface UnknownJson {
  readonly type: number;
  readonly hex: string;
  /** NLA_F_* bits that it came with. */
  readonly flags?: number;
}

/** Header, attributes and unknown attributes of a decoded message as JSON. */
export function toJson(
  operation: Operation,
  message: DecodedMessage<object, object>,
): { header: JsonObject; attrs: JsonObject; unknown?: UnknownJson[] } {
  const { header, set } = operation.model;
  const json = {
    header: header === undefined ? {} : structJson(header, message.header as DecodedRecord),
    attrs: set === undefined ? {} : setJson(set, message.attrs as DecodedRecord, undefined),
  };
  return message.unknown === undefined ? json : { ...json, unknown: unknownJson(message.unknown) };
}

/** Names of the bits in `mask`; bits without a name come as one `0x…` at the end. */
export function flagNames(names: EnumModel, mask: number | bigint): string[] {
  const found: string[] = [];
  let rest = BigInt.asUintN(64, BigInt(mask));
  for (const [bit, name] of names.nameOf) {
    const single = 1n << BigInt(bit);
    if ((rest & single) === 0n) continue;
    found.push(name);
    rest &= ~single;
  }
  if (rest !== 0n) found.push(`0x${rest.toString(16)}`);
  return found;
}

function unknownJson(attributes: readonly UnknownAttribute[]): UnknownJson[] {
  return attributes.map(({ type, bytes, flags }) => ({
    type,
    hex: readHex(bytes),
    ...(flags === undefined ? {} : { flags }),
  }));
}

function setJson(set: SetModel, record: DecodedRecord, outer: Scope | undefined): JsonObject {
  const scope: Scope = { record, outer };
  const json: JsonObject = {};
  for (const [key, value] of Object.entries(record)) {
    if (value === undefined) continue;
    const attribute = set.byKey.get(key);
    if (attribute === undefined) json[key] = looseJson(key, value);
    else if (attribute.multi && Array.isArray(value)) {
      json[key] = value.map((item) => valueJson(attribute.value, item, scope));
    } else json[key] = valueJson(attribute.value, value, scope);
  }
  return json;
}

function structJson(struct: StructModel, record: DecodedRecord): JsonObject {
  const json: JsonObject = {};
  for (const [key, value] of Object.entries(record)) {
    if (value === undefined) continue;
    const member = struct.byKey.get(key);
    if (member === undefined) json[key] = looseJson(key, value);
    else if (member === struct.rest) {
      json[key] = (value as unknown[]).map((item) => valueJson(member.value, item, undefined));
    } else json[key] = valueJson(member.value, value, undefined);
  }
  return json;
}

/** What stands beside the attributes: `unknown`, `tail`, `_index`, the type numbers of a nest-type-value. */
function looseJson(key: string, value: unknown): Json {
  if (key === 'unknown' && Array.isArray(value)) {
    return unknownJson(value as UnknownAttribute[]) as unknown as Json;
  }
  return plainJson(value);
}

function plainJson(value: unknown): Json {
  if (typeof value === 'bigint') return exactNumber(value);
  if (value instanceof Uint8Array) return readHex(value);
  return value as Json;
}

/** One value as JSON; `scope` holds what selects the format of a sub-message. */
export function valueJson(type: Value, value: unknown, scope: Scope | undefined): Json {
  if (value instanceof Uint8Array) return readHex(value);
  switch (type.kind) {
    case 'integer':
    case 'varint':
      return type.mask && type.names !== undefined && typeof value !== 'string'
        ? flagNames(type.names, value as number | bigint)
        : plainJson(value);
    case 'struct':
      return structJson(type.struct, value as DecodedRecord);
    case 'array':
      return (value as unknown[]).map((item) => valueJson(type.item, item, undefined));
    case 'bitfield32':
      return bitfieldJson(type.names, value as { value: number; selector: number });
    case 'nest':
      return setJson(type.set, value as DecodedRecord, scope);
    case 'indexed':
      return (value as unknown[]).map((item) => itemJson(type.item, item, scope));
    case 'typed':
      return typedJson(type.item, value as DecodedRecord, scope);
    case 'sub-message':
      return subMessageJson(type, value as DecodedRecord, scope);
    default:
      return plainJson(value);
  }
}

function bitfieldJson(
  names: EnumModel | undefined,
  { value, selector }: { value: number; selector: number },
): JsonObject {
  if (names === undefined) return { value, selector };
  return { value: flagNames(names, value), selector: flagNames(names, selector) };
}

/** An item of an indexed array; one with an unusual index that is no nest stands in `value`. */
function itemJson(item: Value, entry: unknown, scope: Scope | undefined): Json {
  if (item.kind === 'nest' || typeof entry !== 'object' || entry === null || !('_index' in entry)) {
    return valueJson(item, entry, scope);
  }
  const { _index, value } = entry as { _index: number; value: unknown };
  return { _index, value: valueJson(item, value, scope) };
}

function typedJson(item: Value, record: DecodedRecord, scope: Scope | undefined): Json {
  if (item.kind === 'nest') return setJson(item.set, record, scope);
  const { value, ...types } = record;
  return { ...(types as JsonObject), value: valueJson(item, value, scope) };
}

function subMessageJson(
  type: Extract<Value, { kind: 'sub-message' }>,
  record: DecodedRecord,
  scope: Scope | undefined,
): Json {
  const { header, set } = selectFormat(type, scope) ?? {};
  const entries = Object.entries(record);
  const members = entries.filter((entry) => isMember(header, set, entry));
  const json: JsonObject =
    header === undefined ? {} : structJson(header, Object.fromEntries(members));
  if (set === undefined) return json;
  const attrs = entries.filter((entry) => !isMember(header, set, entry));
  return { ...json, ...setJson(set, Object.fromEntries(attrs), scope) };
}
