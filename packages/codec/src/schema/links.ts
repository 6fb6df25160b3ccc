/** What the parts of linking hand to each other. */
import type { EnumModel, SetModel, StructModel, SubMessageModel } from './model.js';
import { camelCase } from './names.js';
import type { FamilyTable } from './table.js';

export interface StructLinks {
  readonly enums: (name: string) => EnumModel;
  readonly structs: (name: string) => StructModel;
}

export interface Links extends StructLinks {
  sets: (name: string) => SetModel;
  messages: (name: string) => SubMessageModel;
}

export function memoize<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const fresh = make(name);
    made.set(name, fresh);
    return fresh;
  };
}

export function required<T>(
  from: Readonly<Record<string, T>>,
  name: string,
  what: string,
  table: FamilyTable,
): T {
  const found = Object.hasOwn(from, name) ? from[name] : undefined;
  if (found === undefined) throw new Error(`family ${table.name} has no ${what} '${name}'`);
  return found;
}

/** The one key that would change an object instead of naming a value in it. */
export function refuseProto(name: string): void {
  if (camelCase(name) === '__proto__') throw new Error(`'${name}' cannot be a name`);
}
