/** Sub-messages: formats chosen by the value of another attribute. */
import { nlaAlign } from '../wire/nla.js';
import { type Context, type DecodedRecord, enter, type Scope } from './context.js';
import type { FormatModel, Value } from './model.js';

/**
 * A sub-message by its selector's value: the members of its fixed header and its attributes in one record.
 * Without a known format it stays bytes.
 */
export function readSubMessage(
  context: Context,
  value: Extract<Value, { kind: 'sub-message' }>,
  start: number,
  end: number,
  depth: number,
  scope: Scope | undefined,
): DecodedRecord | Uint8Array | undefined {
  const format = selectFormat(value, scope);
  const empty = format !== undefined && format.header === undefined && format.set === undefined;
  if (format === undefined || (empty && end > start)) return context.bytes.slice(start, end);
  if (!enter(context, start, depth)) return undefined;
  let record: DecodedRecord = {};
  let from = start;
  if (format.header !== undefined) {
    const headerEnd = format.set === undefined ? end : Math.min(end, start + format.header.size);
    record = context.engine.struct(format.header).call(context, start, headerEnd);
    from = Math.min(end, start + nlaAlign(format.header.size));
  }
  if (format.set === undefined) return record;
  const attrs = context.engine.set(format.set).call(context, from, end, depth + 1, scope);
  return format.header === undefined ? attrs : merged(record, attrs);
}

/**
 * Header and attributes of a sub-message in one record. Where both have a name (tc netem's `loss`), the
 * attribute counts when it is there.
 */
function merged(header: DecodedRecord, attrs: DecodedRecord): DecodedRecord {
  const record = { ...header };
  for (const [key, value] of Object.entries(attrs)) {
    if (value !== undefined || !(key in header)) record[key] = value;
  }
  return record;
}

/** The format that the selector's value names: a value of the same set, or of an enclosing one. */
export function selectFormat(
  { message, selector, outside }: Extract<Value, { kind: 'sub-message' }>,
  scope: Scope | undefined,
): FormatModel | undefined {
  for (let at = outside ? scope?.outer : scope; at !== undefined; at = at.outer) {
    const chosen = Object.hasOwn(at.record, selector) ? at.record[selector] : undefined;
    if (chosen !== undefined) return message.format(String(chosen));
    if (!outside) return undefined;
  }
  return undefined;
}
