import type { SetModel, StructModel } from './model.js';

/** Whether a key of a sub-message's record is its header's. Where both have it, a nest is the attribute. */
export function isMember(
  header: StructModel | undefined,
  set: SetModel | undefined,
  [key, value]: readonly [string, unknown],
): boolean {
  if (header === undefined) return false;
  if (key === 'tail') return true;
  if (!header.byKey.has(key)) return false;
  return set?.byKey.has(key) !== true || typeof value !== 'object';
}
