import { exactNumber } from '@lw/codec';
import type { WatchEvent } from './event.js';
import type { LinkState } from './link.js';

/** A link as a JSON value: what is unknown is left out. */
export function linkToJson(link: LinkState): Readonly<Record<string, unknown>> {
  return jsonObject(link as unknown as Readonly<Record<string, unknown>>);
}

/** An event as a JSON value; in `changes`, null stands for what is not there. */
export function eventToJson(event: WatchEvent): Readonly<Record<string, unknown>> {
  const { seq, kind, ...rest } = event;
  const json = jsonObject({ seq, kind, ...rest });
  if (!('changes' in event)) return json;
  const changes = Object.entries(event.changes).map(([field, pair]) => [
    field,
    pair.map((side) => jsonValue(side) ?? null),
  ]);
  return { ...json, changes: Object.fromEntries(changes) };
}

function jsonObject(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, jsonValue(value)]],
    ),
  );
}

function jsonValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value === 'bigint') return exactNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  return jsonObject(value as Record<string, unknown>);
}
