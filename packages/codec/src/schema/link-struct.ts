/** Linking of enums, structs and single payloads. */
import { refuseProto, type StructLinks } from './links.js';
import type { EnumModel, IntegerValue, MemberModel, StructModel, Value } from './model.js';
import { camelCase } from './names.js';
import type { AttributeTable, EnumTable, MemberTable, ScalarType } from './table.js';

export function linkEnum(name: string, table: EnumTable): EnumModel {
  const rows = Object.entries(table.entries);
  return {
    name,
    flags: table.kind === 'flags',
    nameOf: new Map(rows.map(([key, value]) => [value, key])),
    valueOf: new Map(rows),
  };
}

export function linkStruct(
  name: string,
  rows: readonly MemberTable[],
  links: StructLinks,
): StructModel {
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

export function bytesValue(hint: AttributeTable['hint']): Value {
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

export function integerValue(type: ScalarType, row: NumberRow, links: StructLinks): IntegerValue {
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

export function named(row: NumberRow, links: StructLinks): { names?: EnumModel; mask: boolean } {
  if (row.enum === undefined) return { mask: false };
  const names = links.enums(row.enum);
  return { names, mask: names.flags || row.enumAsFlags === true };
}
