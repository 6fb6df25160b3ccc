import { linkSet, linkSubMessage } from './link-set.js';
import { linkEnum, linkStruct } from './link-struct.js';
import { type Links, memoize, required, type StructLinks } from './links.js';
import type { FamilyModel } from './model.js';
import type { FamilyTable } from './table.js';

const unlinked = undefined as never;

/**
 * Links a family's tables; nothing before it is used, each thing once.
 *
 * @throws Error when they name what they do not have: a fault of the tables.
 */
export function linkFamily(table: FamilyTable): FamilyModel {
  const enums: StructLinks['enums'] = memoize((name) =>
    linkEnum(name, required(table.enums, name, 'enum', table)),
  );
  const structs: StructLinks['structs'] = memoize((name) =>
    linkStruct(name, required(table.structs, name, 'struct', table), { enums, structs }),
  );
  const links: Links = { enums, structs, sets: () => unlinked, messages: () => unlinked };
  links.sets = memoize((name) => linkSet(name, table, links));
  links.messages = memoize((name) => linkSubMessage(name, table, links));
  return {
    table,
    set: (name) => links.sets(name),
    struct: structs,
    operation: (row) => ({
      table: row,
      ...(row.header === undefined ? {} : { header: structs(row.header) }),
      ...(row.set === undefined ? {} : { set: links.sets(row.set) }),
    }),
  };
}
