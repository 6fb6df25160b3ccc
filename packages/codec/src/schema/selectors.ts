import type { Context, DecodedRecord } from './context.js';
import type { SetModel } from './model.js';
import { decodeValue, walkAttributes } from './value.js';

/** The plain values among the attributes in `[start, end)`: any of them may select a sub-message. */
export function selectorsOf(
  context: Context,
  set: SetModel,
  start: number,
  end: number,
): DecodedRecord {
  const record: DecodedRecord = {};
  walkAttributes(context, start, end, (type, from, to) => {
    const attribute = set.byId.get(type);
    const kind = attribute?.value.kind;
    if (attribute === undefined || (kind !== 'text' && kind !== 'integer')) return;
    record[attribute.key] = decodeValue(context, attribute.value, from, to, 0, undefined);
  });
  return record;
}
