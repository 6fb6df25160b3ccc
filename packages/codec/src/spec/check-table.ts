/** Whether a family's tables hang together: every name leads somewhere, every layout has a size. */
import type { AttributeTable, FamilyTable, MemberTable } from '../schema/table.js';

type Fault = (path: string, reason: string) => Error;

/** @throws what `fault` makes, with the path of the first fault */
export function checkTable(table: FamilyTable, fault: Fault): void {
  const checker = new TableChecker(table, fault);
  for (const [name, members] of Object.entries(table.structs)) checker.struct(name, members);
  for (const [name, { attributes }] of Object.entries(table.sets)) checker.set(name, attributes);
  for (const [name, formats] of Object.entries(table.subMessages)) {
    for (const [value, { header, set }] of Object.entries(formats)) {
      checker.names(`sub-messages.${name}.${value}`, { struct: header, set });
    }
  }
  for (const { name, header, set } of table.operations) {
    checker.names(`operations.${name}`, { struct: header, set });
  }
}

interface Names {
  readonly struct?: string | undefined;
  readonly set?: string | undefined;
  readonly enum?: string | undefined;
  readonly subMessage?: string | undefined;
}

class TableChecker {
  readonly #table: FamilyTable;
  readonly #fault: Fault;

  constructor(table: FamilyTable, fault: Fault) {
    this.#table = table;
    this.#fault = fault;
  }

  /** Each name given must lead to something. */
  names(path: string, { struct, set, enum: enumName, subMessage }: Names): void {
    this.#exists(path, 'struct', struct, this.#table.structs);
    this.#exists(path, 'attribute set', set, this.#table.sets);
    this.#exists(path, 'enum', enumName, this.#table.enums);
    this.#exists(path, 'sub-message', subMessage, this.#table.subMessages);
  }

  struct(name: string, members: readonly MemberTable[]): void {
    for (const member of members) {
      const path = `definitions.${name}.${member.name}`;
      this.names(path, { struct: member.struct, enum: member.enum });
      const isBytes = /^(string|binary|pad)$/.test(member.type) && member.struct === undefined;
      if (isBytes && member.len === undefined) throw this.#fault(path, 'its length is missing');
    }
    if (this.#contains(name, name, new Set())) {
      throw this.#fault(`definitions.${name}`, 'contains itself');
    }
  }

  set(name: string, attributes: readonly AttributeTable[]): void {
    for (const attribute of attributes) {
      const path = `attribute-sets.${name}.${attribute.name}`;
      this.names(path, attribute);
      if (attribute.id < 0 || attribute.id > 0x3fff) {
        throw this.#fault(path, `${attribute.id} is no type number of an attribute`);
      }
    }
  }

  #exists(path: string, what: string, name: string | undefined, from: object): void {
    if (name === undefined || Object.hasOwn(from, name)) return;
    throw this.#fault(path, `there is no ${what} '${name}'`);
  }

  #contains(outer: string, wanted: string, seen: Set<string>): boolean {
    if (seen.has(outer)) return false;
    seen.add(outer);
    const inner = (this.#table.structs[outer] ?? []).flatMap(({ struct }) => struct ?? []);
    return inner.includes(wanted) || inner.some((name) => this.#contains(name, wanted, seen));
  }
}
