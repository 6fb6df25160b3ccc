/** Linking of attribute sets and sub-messages. */
import { bytesValue, integerValue, named } from './link-struct.js';
import { type Links, memoize, refuseProto, required } from './links.js';
import type { AttributeModel, FormatModel, SetModel, SubMessageModel, Value } from './model.js';
import { camelCase } from './names.js';
import type { AttributeTable, Checks, FamilyTable, ScalarType } from './table.js';

export function linkSet(name: string, table: FamilyTable, links: Links): SetModel {
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

export function linkSubMessage(name: string, table: FamilyTable, links: Links): SubMessageModel {
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
