/**
 * The linked form of a family's tables: names resolved, payloads classified once (`Value`), so that the
 * engines ask no questions of the YNL. Nothing is linked before it is used.
 */
import { camelCase } from './names.js';
import type {
  AttributeTable,
  Checks,
  EnumTable,
  FamilyTable,
  MemberTable,
  OperationTable,
  ScalarType,
} from './table.js';

/** Names of an integer's values, or of its bits. */
export interface EnumModel {
  readonly name: string;
  readonly flags: boolean;
  /** Enum: value to name. Flags: bit number to name. */
  readonly nameOf: ReadonlyMap<number, string>;
  readonly valueOf: ReadonlyMap<string, number>;
}

export type Order = 'host' | 'big' | 'little';

export interface IntegerValue {
  readonly kind: 'integer';
  /** Bytes. */
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  readonly order: Order;
  readonly names?: EnumModel;
  /** The names are of bits: the value is a mask. */
  readonly mask: boolean;
  /** A 32-bit number that people read as an IPv4 address. */
  readonly ipv4: boolean;
}

export type AddressHint = 'mac' | 'ipv4' | 'ipv6' | 'ip' | 'uuid';

/** What a payload is. Both engines, the encoder and JSON switch over `kind` and nothing else. */
export type Value =
  | IntegerValue
  /** uint, sint: 4 or 8 bytes, always a bigint */
  | {
      readonly kind: 'varint';
      readonly signed: boolean;
      readonly names?: EnumModel;
      readonly mask: boolean;
    }
  | { readonly kind: 'text' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'address'; readonly hint: AddressHint }
  | { readonly kind: 'struct'; readonly struct: StructModel }
  /** a C array of integers */
  | { readonly kind: 'array'; readonly item: IntegerValue }
  | { readonly kind: 'flag' }
  | { readonly kind: 'bitfield32'; readonly names?: EnumModel }
  | { readonly kind: 'nest'; readonly set: SetModel }
  /** attributes whose type numbers are an index */
  | { readonly kind: 'indexed'; readonly item: Value }
  /** attributes in attributes whose type numbers are values with these keys */
  | { readonly kind: 'typed'; readonly keys: readonly string[]; readonly item: Value }
  | {
      readonly kind: 'sub-message';
      readonly message: SubMessageModel;
      /** Key of the selector. */
      readonly selector: string;
      /** The selector stands in an enclosing set, not in the sub-message's own. */
      readonly outside: boolean;
    }
  | { readonly kind: 'pad' };

export interface MemberModel {
  readonly name: string;
  readonly key: string;
  /** Bytes from the struct's start. */
  readonly offset: number;
  readonly size: number;
  readonly value: Value;
}

export interface StructModel {
  readonly name: string;
  /** Bytes without the member that repeats. */
  readonly size: number;
  /** The member that repeats to the end; its offset is `size`. */
  readonly rest?: MemberModel;
  /** Without padding. */
  readonly members: readonly MemberModel[];
  readonly byKey: ReadonlyMap<string, MemberModel>;
}

export interface AttributeModel {
  readonly id: number;
  readonly name: string;
  readonly key: string;
  readonly value: Value;
  readonly multi: boolean;
  readonly checks?: Checks;
}

export interface SetModel {
  readonly name: string;
  readonly prefix: string;
  readonly attributes: readonly AttributeModel[];
  readonly byId: ReadonlyMap<number, AttributeModel>;
  readonly byKey: ReadonlyMap<string, AttributeModel>;
  /** Holds, at some depth, a sub-message whose selector stands outside of this set. */
  readonly looksOutside: boolean;
}

export interface SubMessageModel {
  readonly name: string;
  format(selector: string): FormatModel | undefined;
  readonly selectors: readonly string[];
}

export interface FormatModel {
  readonly header?: StructModel;
  readonly set?: SetModel;
}

export interface OperationModel {
  readonly table: OperationTable;
  readonly header?: StructModel;
  readonly set?: SetModel;
}

/** Resolves names of one family's tables; each thing is made once. */
export interface FamilyModel {
  readonly table: FamilyTable;
  set(name: string): SetModel;
  struct(name: string): StructModel;
  operation(table: OperationTable): OperationModel;
}

/** Links a family's tables. @throws Error when they name what they do not have: a fault of the tables. */
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

interface StructLinks {
  readonly enums: (name: string) => EnumModel;
  readonly structs: (name: string) => StructModel;
}

interface Links extends StructLinks {
  sets: (name: string) => SetModel;
  messages: (name: string) => SubMessageModel;
}

const unlinked = undefined as never;

function memoize<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const fresh = make(name);
    made.set(name, fresh);
    return fresh;
  };
}

function required<T>(
  from: Readonly<Record<string, T>>,
  name: string,
  what: string,
  table: FamilyTable,
): T {
  const found = Object.hasOwn(from, name) ? from[name] : undefined;
  if (found === undefined) throw new Error(`family ${table.name} has no ${what} '${name}'`);
  return found;
}

function linkEnum(name: string, table: EnumTable): EnumModel {
  const rows = Object.entries(table.entries);
  return {
    name,
    flags: table.kind === 'flags',
    nameOf: new Map(rows.map(([key, value]) => [value, key])),
    valueOf: new Map(rows),
  };
}

function linkStruct(name: string, rows: readonly MemberTable[], links: StructLinks): StructModel {
  const members: MemberModel[] = [];
  let rest: MemberModel | undefined;
  let offset = 0;
  for (const row of rows) {
    refuseProto(row.name);
    const value = memberValue(row, links);
    const size = memberSize(row, value);
    const member = { name: row.name, key: camelCase(row.name), offset, size, value };
    if (row.rest === true) {
      rest = member;
      break;
    }
    if (value.kind !== 'pad') members.push(member);
    offset += size;
  }
  const all = rest === undefined ? members : [...members, rest];
  const byKey = new Map(all.map((m) => [m.key, m]));
  return { name, size: offset, members, byKey, ...(rest === undefined ? {} : { rest }) };
}

function memberSize(row: MemberTable, value: Value): number {
  if (value.kind === 'integer') return value.size;
  if (value.kind === 'struct') return value.struct.size;
  return row.len ?? 0;
}

function memberValue(row: MemberTable, links: StructLinks): Value {
  if (row.struct !== undefined) return { kind: 'struct', struct: links.structs(row.struct) };
  if (row.type === 'pad') return { kind: 'pad' };
  if (row.type === 'string') return { kind: 'text' };
  if (row.type === 'binary') return bytesValue(row.hint);
  return integerValue(row.type, row, links);
}

function bytesValue(hint: AttributeTable['hint']): Value {
  switch (hint) {
    case 'mac':
    case 'fddi':
      return { kind: 'address', hint: 'mac' };
    case 'ipv4':
    case 'ipv6':
    case 'uuid':
      return { kind: 'address', hint };
    case 'ipv4-or-v6':
      return { kind: 'address', hint: 'ip' };
    default:
      return { kind: 'bytes' };
  }
}

type NumberRow = Pick<AttributeTable, 'byteOrder' | 'enum' | 'enumAsFlags' | 'hint'>;

function integerValue(type: ScalarType, row: NumberRow, links: StructLinks): IntegerValue {
  const order =
    row.byteOrder === 'big-endian' ? 'big' : row.byteOrder === 'little-endian' ? 'little' : 'host';
  const size = (Number(type.slice(1)) / 8) as IntegerValue['size'];
  return {
    kind: 'integer',
    size,
    signed: type.startsWith('s'),
    order,
    ...named(row, links),
    ipv4: size === 4 && (row.hint === 'ipv4' || row.hint === 'ipv4-or-v6'),
  };
}

function named(row: NumberRow, links: StructLinks): { names?: EnumModel; mask: boolean } {
  if (row.enum === undefined) return { mask: false };
  const names = links.enums(row.enum);
  return { names, mask: names.flags || row.enumAsFlags === true };
}

function linkSet(name: string, table: FamilyTable, links: Links): SetModel {
  const { prefix = '', attributes } = required(table.sets, name, 'attribute set', table);
  const rows = checkedRows(name, attributes);
  let outside: boolean | undefined;
  const models = rows.map((row) => new LazyAttribute(row, rows, links));
  const byKey = new Map(models.map((a) => [a.key, a as AttributeModel]));
  return {
    name,
    prefix,
    attributes: models,
    byId: new Map(models.map((a) => [a.id, a as AttributeModel])),
    byKey,
    get looksOutside() {
      outside ??= looksOutside(name, table, new Set());
      return outside;
    },
  };
}

/** The highest type number of an attribute: two bits of 16 are flags. */
const maxAttributeId = 0x3fff;

/** The rows of a set, one for each type number: of two for one, the later counts. */
function checkedRows(set: string, rows: readonly AttributeTable[]): AttributeTable[] {
  for (const { id, name } of rows) {
    const isId = Number.isInteger(id) && id >= 0 && id <= maxAttributeId;
    if (!isId) throw new Error(`attribute ${name} of ${set} has the impossible type number ${id}`);
    refuseProto(name);
  }
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** The one key that would change an object instead of naming a value in it. */
function refuseProto(name: string): void {
  if (camelCase(name) === '__proto__') throw new Error(`'${name}' cannot be a name`);
}

/** Sets nest in themselves, so an attribute's payload is classified at first use. */
class LazyAttribute implements AttributeModel {
  readonly id: number;
  readonly name: string;
  readonly key: string;
  readonly multi: boolean;
  readonly checks?: Checks;
  readonly #row: AttributeTable;
  readonly #siblings: readonly AttributeTable[];
  readonly #links: Links;
  #value: Value | undefined;

  constructor(row: AttributeTable, siblings: readonly AttributeTable[], links: Links) {
    this.id = row.id;
    this.name = row.name;
    this.key = camelCase(row.name);
    this.multi = row.multi === true;
    if (row.checks !== undefined) this.checks = row.checks;
    this.#row = row;
    this.#siblings = siblings;
    this.#links = links;
  }

  get value(): Value {
    this.#value ??= attributeValue(this.#row, this.#siblings, this.#links);
    return this.#value;
  }
}

function attributeValue(
  row: AttributeTable,
  siblings: readonly AttributeTable[],
  links: Links,
): Value {
  if (row.type === 'sub-message') return subMessageValue(row, siblings, links);
  const value = payloadValue(row.type, row, links);
  // A type-value on anything but a nest-type-value: one level whose type number is data.
  if (row.typeValue === undefined || row.type === 'nest-type-value') return value;
  return { kind: 'typed', keys: row.typeValue.map(camelCase), item: value };
}

function payloadValue(type: AttributeTable['type'], row: AttributeTable, links: Links): Value {
  switch (type) {
    case 'uint':
    case 'sint':
      return { kind: 'varint', signed: type === 'sint', ...named(row, links) };
    case 'string':
      return { kind: 'text' };
    case 'binary':
      return binaryValue(row, links);
    case 'flag':
      return { kind: 'flag' };
    case 'nest':
      return nestValue(row, links);
    case 'indexed-array':
      return { kind: 'indexed', item: itemValue(row, links) };
    case 'nest-type-value':
      return {
        kind: 'typed',
        keys: (row.typeValue ?? []).map(camelCase),
        item: nestValue(row, links),
      };
    case 'sub-message': // only as an attribute of its own, never as an item
      return { kind: 'bytes' };
    case 'bitfield32':
      return { kind: 'bitfield32', ...named(row, links) };
    case 'pad':
      return { kind: 'pad' };
    case 'unused':
      return { kind: 'bytes' };
    default:
      return integerValue(type, row, links);
  }
}

function nestValue(row: AttributeTable, links: Links): Value {
  return row.set === undefined ? { kind: 'bytes' } : { kind: 'nest', set: links.sets(row.set) };
}

function itemValue(row: AttributeTable, links: Links): Value {
  return payloadValue(row.subType ?? 'binary', row, links);
}

function binaryValue(row: AttributeTable, links: Links): Value {
  if (row.struct !== undefined) return { kind: 'struct', struct: links.structs(row.struct) };
  if (row.subType !== undefined && /^[us](8|16|32|64)$/.test(row.subType)) {
    return { kind: 'array', item: integerValue(row.subType as ScalarType, row, links) };
  }
  return bytesValue(row.hint);
}

function subMessageValue(
  row: AttributeTable,
  siblings: readonly AttributeTable[],
  links: Links,
): Value {
  if (row.subMessage === undefined || row.selector === undefined) return { kind: 'bytes' };
  return {
    kind: 'sub-message',
    message: links.messages(row.subMessage),
    selector: camelCase(row.selector),
    outside: !hasSelector(siblings, row),
  };
}

function linkSubMessage(name: string, table: FamilyTable, links: Links): SubMessageModel {
  const rows = required(table.subMessages, name, 'sub-message', table);
  const formats = memoize((selector): FormatModel | undefined => {
    const row = Object.hasOwn(rows, selector) ? rows[selector] : undefined;
    return (
      row && {
        ...(row.header === undefined ? {} : { header: links.structs(row.header) }),
        ...(row.set === undefined ? {} : { set: links.sets(row.set) }),
      }
    );
  });
  return { name, format: formats, selectors: Object.keys(rows) };
}

/** Whether a set, or one nested in it, has a sub-message with a selector that it does not hold itself. */
function looksOutside(name: string, table: FamilyTable, seen: Set<string>): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  const rows = table.sets[name]?.attributes ?? [];
  return rows.some(
    (row) =>
      (row.type === 'sub-message' && !hasSelector(rows, row)) ||
      (row.set !== undefined && looksOutside(row.set, table, seen)) ||
      formatsOf(row, table).some((set) => looksOutside(set, table, seen)),
  );
}

/** Sets that a sub-message may hold. */
function formatsOf({ subMessage }: AttributeTable, table: FamilyTable): string[] {
  const formats = Object.values(table.subMessages[subMessage ?? ''] ?? {});
  return formats.flatMap(({ set }) => (set === undefined ? [] : [set]));
}

function hasSelector(rows: readonly AttributeTable[], { selector }: AttributeTable): boolean {
  return rows.some((other) => other.name === selector);
}
