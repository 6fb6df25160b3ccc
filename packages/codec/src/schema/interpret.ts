/**
 * The interpreting engine: walks the tables for every message. It serves where code generation is off
 * (`--disallow-code-generation-from-strings`, a page's CSP), is the reference that the compiled engine is
 * tested against, and is about ten times slower.
 */
import { NLA_HDRLEN } from '../wire/nla.js';
import {
  type Context,
  type DecodedRecord,
  type Engine,
  keepRaw,
  misfit,
  type Scope,
  type UnknownAttribute,
} from './context.js';
import type { AttributeModel, MemberModel, SetModel, StructModel } from './model.js';
import { decodeValue, expectedSize, reportsItself, walkAttributes } from './value.js';

/**
 * Sets with at most this many attributes give records that always have all keys (absent is undefined), so
 * that callers stay monomorphic; larger ones (nl80211) would pay kilobytes a message for it.
 */
export const maxStableShapeAttributes = 128;

/** The record of a set before any attribute is seen. Both engines make the same shape. */
export function emptyRecord(set: SetModel): DecodedRecord {
  const record: DecodedRecord = {};
  if (set.attributes.length <= maxStableShapeAttributes) {
    for (const attribute of set.attributes) {
      if (attribute.value.kind !== 'pad') record[attribute.key] = undefined;
    }
  }
  record.unknown = undefined;
  return record;
}

/** Decoded after the others: its meaning depends on values that may stand behind it. */
export function isDeferred({ value, multi }: AttributeModel): boolean {
  if (multi) return false;
  if (value.kind === 'sub-message') return true;
  return value.kind === 'nest' && value.set.looksOutside;
}

/** In the order of the tables, so that both engines report faults alike. */
export function deferredAttributes(set: SetModel): AttributeModel[] {
  return set.attributes.filter(isDeferred);
}

export const interpreted: Engine = {
  name: 'interpreted',
  set: (set) => ({
    call: (context, start, end, depth, outer) =>
      interpretSet(context, set, { start, end, depth, outer }),
  }),
  struct: (struct) => ({
    call: (context, start, end) => interpretStruct(context, struct, start, end),
  }),
};

interface Place {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly outer: Scope | undefined;
}

function interpretSet(context: Context, set: SetModel, place: Place): DecodedRecord {
  const { start, end, depth, outer } = place;
  const record = emptyRecord(set);
  const scope: Scope = { record, outer };
  const deferred = new Map<AttributeModel, number>();
  walkAttributes(context, start, end, (type, _from, _to, at) => {
    const attribute = set.byId.get(type);
    if (attribute === undefined) {
      record.unknown = keepRaw(context, record.unknown as UnknownAttribute[] | undefined, at);
    } else if (isDeferred(attribute)) deferred.set(attribute, at);
    else store(context, attribute, at, depth, scope);
  });
  for (const attribute of deferredAttributes(set)) {
    const at = deferred.get(attribute);
    if (at !== undefined) store(context, attribute, at, depth, scope);
  }
  return record;
}

/** A struct as this kernel has it, which may be shorter or longer than the one that the tables know (K34). */
export function interpretStruct(
  context: Context,
  struct: StructModel,
  start: number,
  end: number,
): DecodedRecord {
  const record: DecodedRecord = {};
  for (const member of struct.members) {
    const from = start + member.offset;
    const to = from + member.size;
    // An older kernel's struct is shorter; what it has not is undefined.
    record[member.key] =
      to <= end ? decodeValue(context, member.value, from, to, 0, undefined) : undefined;
  }
  const known =
    struct.rest === undefined ? struct.size : readRest(context, struct, start, end, record);
  // A newer kernel's struct is longer; its tail is kept.
  record.tail = end - start > known ? context.bytes.slice(start + known, end) : undefined;
  return record;
}

/** The member that repeats, item for item; returns the bytes that struct and items take. */
function readRest(
  context: Context,
  struct: StructModel,
  start: number,
  end: number,
  record: DecodedRecord,
): number {
  const { key, size, value } = struct.rest as MemberModel;
  const items: unknown[] = [];
  let at = start + struct.size;
  for (; size > 0 && at + size <= end; at += size) {
    items.push(decodeValue(context, value, at, at + size, 0, undefined));
  }
  record[key] = items;
  return Math.max(struct.size, at - start);
}

function store(
  context: Context,
  attribute: AttributeModel,
  at: number,
  depth: number,
  scope: Scope,
): void {
  const { key, value, multi } = attribute;
  if (value.kind === 'pad') return;
  const end = at + context.view.getUint16(at, context.little);
  const decoded = decodeValue(context, value, at + NLA_HDRLEN, end, depth, scope);
  const { record } = scope;
  if (decoded === undefined) {
    const unknown = record.unknown as UnknownAttribute[] | undefined;
    record.unknown = reportsItself(value.kind)
      ? keepRaw(context, unknown, at)
      : misfit(context, unknown, at, expectedSize(value));
  } else if (!multi) record[key] = decoded;
  else if (record[key] === undefined) record[key] = [decoded];
  else (record[key] as unknown[]).push(decoded);
}
