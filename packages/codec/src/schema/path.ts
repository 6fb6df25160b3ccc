/** From a byte offset to the attribute that stands there. */
import { NLA_HDRLEN } from '../wire/nla.js';
import {
  type Context,
  type DecodedRecord,
  makeContext,
  type Scope,
  type Source,
} from './context.js';
import { interpreted } from './interpret.js';
import type { AttributeModel, SetModel, Value } from './model.js';
import { decodeValue, selectFormat, walkAttributes } from './value.js';

export interface PathQuery {
  readonly set: SetModel;
  /** Where the set's attributes begin and end. */
  readonly start: number;
  readonly end: number;
  /** The byte asked for. */
  readonly offset: number;
  readonly little: boolean;
}

/** YNL path of the attribute at `offset`, such as 'linkinfo.data.id'; '' when none stands there. */
export function pathAt(source: Source, query: PathQuery): string {
  const context = makeContext(source, {
    engine: interpreted,
    endian: query.little ? 'little' : 'big',
    problems: [],
  });
  return names(context, query.set, query.start, query.end, query.offset, undefined).join('.');
}

function names(
  context: Context,
  set: SetModel,
  start: number,
  end: number,
  offset: number,
  outer: Scope | undefined,
): string[] {
  let found: string[] = [];
  // Past a broken length the walk cannot go; then the attribute with that length is the answer.
  const whole = walkAttributes(context, start, end, (type, from, to, at) => {
    if (offset < at || offset >= Math.max(to, from)) return;
    const attribute = set.byId.get(type);
    if (attribute === undefined) found = [`attribute ${type}`];
    else
      found = [
        attribute.name,
        ...inside(context, set, attribute, from, to, offset, start, end, outer),
      ];
  });
  if (!whole && found.length === 0) found = brokenAttribute(context, set, offset);
  return found;
}

function brokenAttribute(context: Context, set: SetModel, offset: number): string[] {
  if (offset + NLA_HDRLEN > context.bytes.length) return [];
  const type = context.view.getUint16(offset + 2, context.little) & 0x3fff;
  const attribute = set.byId.get(type);
  return [attribute?.name ?? `attribute ${type}`];
}

function inside(
  context: Context,
  set: SetModel,
  attribute: AttributeModel,
  from: number,
  to: number,
  offset: number,
  start: number,
  end: number,
  outer: Scope | undefined,
): string[] {
  if (offset < from) return [];
  const { value } = attribute;
  const scope: Scope = { record: selectors(context, set, start, end), outer };
  return innerNames(context, value, from, to, offset, scope);
}

function innerNames(
  context: Context,
  value: Value,
  from: number,
  to: number,
  offset: number,
  scope: Scope,
): string[] {
  if (value.kind === 'nest') return names(context, value.set, from, to, offset, scope);
  if (value.kind === 'sub-message') {
    const format = selectFormat(value, scope);
    const header = format?.header?.size ?? 0;
    return format?.set === undefined
      ? []
      : names(context, format.set, Math.min(to, from + header), to, offset, scope);
  }
  if (value.kind !== 'indexed' && value.kind !== 'typed') return [];
  let found: string[] = [];
  walkAttributes(context, from, to, (type, itemFrom, itemTo, at) => {
    if (offset < at || offset >= itemTo) return;
    found = [String(type), ...innerNames(context, value.item, itemFrom, itemTo, offset, scope)];
  });
  return found;
}

/** The plain values of a set: any of them may select a sub-message. */
function selectors(context: Context, set: SetModel, start: number, end: number): DecodedRecord {
  const record: DecodedRecord = {};
  walkAttributes(context, start, end, (type, from, to) => {
    const attribute = set.byId.get(type);
    const kind = attribute?.value.kind;
    if (attribute === undefined || (kind !== 'text' && kind !== 'integer')) return;
    record[attribute.key] = decodeValue(context, attribute.value, from, to, 0, undefined);
  });
  return record;
}
