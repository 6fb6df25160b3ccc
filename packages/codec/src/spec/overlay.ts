/**
 * Overlays: YNL fragments that mend or widen a specification. Lists are merged by `name` (formats by
 * `value`): a row with a known name changes what it says, another one is added.
 */

type Mapping = Record<string, unknown>;

/** `spec` with the overlay's rows merged in; neither is changed. */
export function applyOverlay(spec: unknown, overlay: unknown): unknown {
  if (Array.isArray(spec) && Array.isArray(overlay)) return mergeLists(spec, overlay);
  if (isMapping(spec) && isMapping(overlay)) {
    const merged: Mapping = { ...spec };
    for (const [key, value] of Object.entries(overlay)) {
      merged[key] = replaced.has(key) ? value : applyOverlay(spec[key], value);
    }
    return merged;
  }
  return overlay;
}

/** A struct's layout is one thing: an overlay gives all of it. So are an enum's entries. */
const replaced: ReadonlySet<string> = new Set(['members', 'type-value']);

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mergeLists(rows: readonly unknown[], changes: readonly unknown[]): unknown[] {
  const merged = [...rows];
  for (const change of changes) {
    const at = merged.findIndex((row) => sameRow(row, change));
    if (at < 0) merged.push(change);
    else merged[at] = applyOverlay(merged[at], change);
  }
  return merged;
}

function sameRow(row: unknown, change: unknown): boolean {
  if (!isMapping(row) || !isMapping(change)) return row === change;
  return row.name === undefined ? row.value === change.value : row.name === change.name;
}
