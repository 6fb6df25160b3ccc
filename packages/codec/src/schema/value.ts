/** Decoding of single payloads: shared by both engines, so that they cannot differ in it. */
import { readIpv4, readIpv6, readMac } from '../wire/address.js';
import { readHex } from '../wire/hex.js';
import { NLA_HDRLEN, NLA_TYPE_MASK, nlaAlign } from '../wire/nla.js';
import { readText } from '../wire/text.js';
import {
  type Context,
  type DecodedRecord,
  enter,
  fail,
  failLength,
  type Scope,
} from './context.js';
import type { AddressHint, EnumModel, IntegerValue, Value } from './model.js';
import { readSubMessage } from './sub-message.js';

/**
 * The value of the payload `[start, end)`, or undefined when its size does not fit; what would have fitted
 * says `expectedSize`.
 */
export function decodeValue(
  context: Context,
  value: Value,
  start: number,
  end: number,
  depth: number,
  scope: Scope | undefined,
): unknown {
  switch (value.kind) {
    case 'integer':
      return end - start === value.size ? readInteger(context, value, start) : undefined;
    case 'varint':
      return readVarint(context, value, start, end);
    case 'text':
      return readText(context.bytes, start, end);
    case 'bytes':
      return context.bytes.slice(start, end);
    case 'address':
      return readAddress(context.bytes, start, end, value.hint);
    case 'struct':
      return context.engine.struct(value.struct).call(context, start, end);
    case 'array':
      return readArray(context, value.item, start, end);
    case 'flag':
      return true;
    case 'bitfield32':
      return end - start === 8 ? readBitfield32(context, start) : undefined;
    case 'nest':
      return enter(context, start, depth)
        ? context.engine.set(value.set).call(context, start, end, depth + 1, scope)
        : undefined;
    case 'indexed':
      return readIndexed(context, value.item, start, end, depth, scope);
    case 'typed':
      return readTyped(context, value, start, end, depth, scope);
    case 'sub-message':
      return readSubMessage(context, value, start, end, depth, scope);
    case 'pad':
      return undefined;
  }
}

/** What a payload should have been, for the error's text. */
export function expectedSize(value: Value): string {
  switch (value.kind) {
    case 'integer':
      return value.size === 1 ? '1 byte' : `${value.size} bytes`;
    case 'varint':
      return '4 or 8 bytes';
    case 'array':
      return `a multiple of ${value.item.size} bytes`;
    case 'bitfield32':
      return '8 bytes';
    default:
      return 'another layout';
  }
}

export function readInteger(context: Context, value: IntegerValue, at: number): unknown {
  const little = value.order === 'host' ? context.little : value.order === 'little';
  const number = readNumber(context.view, value, at, little);
  if (value.names !== undefined && !value.mask) return nameOf(value.names, number);
  return value.ipv4 ? ipv4Text(Number(number)) : number;
}

function readNumber(
  view: DataView,
  value: IntegerValue,
  at: number,
  little: boolean,
): number | bigint {
  switch (value.size) {
    case 1:
      return value.signed ? view.getInt8(at) : view.getUint8(at);
    case 2:
      return value.signed ? view.getInt16(at, little) : view.getUint16(at, little);
    case 4:
      return value.signed ? view.getInt32(at, little) : view.getUint32(at, little);
    case 8:
      return value.signed ? view.getBigInt64(at, little) : view.getBigUint64(at, little);
  }
}

/** The enum's name of a number; a number without one stays a number. */
export function nameOf(names: EnumModel, number: number | bigint): string | number | bigint {
  return names.nameOf.get(Number(number)) ?? number;
}

/** Dotted quad of a 32-bit number whose highest byte is the first. */
export function ipv4Text(number: number): string {
  return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
}

export function readVarint(
  context: Context,
  value: Extract<Value, { kind: 'varint' }>,
  start: number,
  end: number,
): unknown {
  const { view, little } = context;
  const size = end - start;
  if (size !== 4 && size !== 8) return undefined;
  const number = value.signed
    ? size === 4
      ? BigInt(view.getInt32(start, little))
      : view.getBigInt64(start, little)
    : size === 4
      ? BigInt(view.getUint32(start, little))
      : view.getBigUint64(start, little);
  return value.names !== undefined && !value.mask ? nameOf(value.names, number) : number;
}

/**
 * An address as text. A payload that has not the length of one comes as `0x` and hex; encoding reads both.
 */
export function readAddress(
  bytes: Uint8Array,
  start: number,
  end: number,
  hint: AddressHint,
): string {
  const length = end - start;
  if (hint === 'mac') return readMac(bytes, start, end);
  if (length === 4 && (hint === 'ipv4' || hint === 'ip')) return readIpv4(bytes, start);
  if (length === 16 && (hint === 'ipv6' || hint === 'ip')) return readIpv6(bytes, start);
  const hex = readHex(bytes, start, end);
  if (length !== 16 || hint !== 'uuid') return `0x${hex}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function readArray(context: Context, item: IntegerValue, start: number, end: number): unknown {
  if ((end - start) % item.size !== 0) return undefined;
  const items: unknown[] = [];
  for (let at = start; at < end; at += item.size) items.push(readInteger(context, item, at));
  return items;
}

// struct nla_bitfield32 { __u32 value; __u32 selector; };
function readBitfield32(context: Context, at: number): DecodedRecord {
  const { view, little } = context;
  return { value: view.getUint32(at, little), selector: view.getUint32(at + 4, little) };
}

/** Kinds whose decoder reports its fault itself, with a better offset than the attribute's. */
export function reportsItself(kind: Value['kind']): boolean {
  return kind === 'nest' || kind === 'sub-message' || kind === 'typed';
}

/** Calls `visit(type, start, end, at)` for each attribute; false when a length stopped the walk. */
export function walkAttributes(
  context: Context,
  start: number,
  end: number,
  visit: (type: number, start: number, end: number, at: number) => void,
): boolean {
  let at = start;
  while (end - at >= NLA_HDRLEN) {
    const length = context.view.getUint16(at, context.little);
    if (length < NLA_HDRLEN || length > end - at) {
      failLength(context, at, end);
      return false;
    }
    const type = context.view.getUint16(at + 2, context.little) & NLA_TYPE_MASK;
    visit(type, at + NLA_HDRLEN, at + length, at);
    at += nlaAlign(length);
  }
  return true;
}

/**
 * The items of an indexed array. Indexes count from 1 in nests and from 0 or 1 elsewhere, by the kernel's
 * habit; an item with another index says so in `_index` (no YNL name begins with an underscore).
 */
function readIndexed(
  context: Context,
  item: Value,
  start: number,
  end: number,
  depth: number,
  scope: Scope | undefined,
): unknown[] {
  const items: unknown[] = [];
  walkAttributes(context, start, end, (type, from, to, at) => {
    const value = decodeValue(context, item, from, to, depth, scope);
    if (value === undefined) {
      fail(context, 'VALUE_LENGTH', at, `${expectedSize(item)} wanted, ${to - from} are there`);
    } else items.push(indexedItem(item, type, items.length, value));
  });
  return items;
}

function indexedItem(item: Value, index: number, position: number, value: unknown): unknown {
  if (index === position + 1) return value;
  if (item.kind === 'nest') return { _index: index, ...(value as DecodedRecord) };
  return index === position ? value : { _index: index, value };
}

/** A nest-type-value: the type number of each level is a value, the innermost payload holds the rest. */
function readTyped(
  context: Context,
  value: Extract<Value, { kind: 'typed' }>,
  start: number,
  end: number,
  depth: number,
  scope: Scope | undefined,
): DecodedRecord | undefined {
  const types: DecodedRecord = {};
  let [from, to] = [start, end];
  for (const key of value.keys) {
    const length = innerLength(context, from, to);
    if (length === undefined) return undefined;
    types[key] = context.view.getUint16(from + 2, context.little) & NLA_TYPE_MASK;
    to = from + length;
    from += NLA_HDRLEN;
  }
  const inner = decodeValue(context, value.item, from, to, depth, scope);
  if (inner === undefined && value.item.kind !== 'nest') {
    fail(
      context,
      'VALUE_LENGTH',
      from,
      `${expectedSize(value.item)} wanted, ${to - from} are there`,
    );
  }
  if (inner === undefined) return undefined;
  return value.item.kind === 'nest'
    ? { ...types, ...(inner as DecodedRecord) }
    : { ...types, value: inner };
}

/** Length of the one attribute that a level of a nest-type-value holds; undefined after a report. */
function innerLength(context: Context, from: number, to: number): number | undefined {
  if (to - from < NLA_HDRLEN) {
    fail(context, 'VALUE_LENGTH', from, `an attribute header wanted, ${to - from} bytes are there`);
    return undefined;
  }
  const length = context.view.getUint16(from, context.little);
  if (length >= NLA_HDRLEN && length <= to - from) return length;
  failLength(context, from, to);
  return undefined;
}
