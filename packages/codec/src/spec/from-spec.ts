/**
 * A parsed YNL specification (`Documentation/netlink/specs/*.yaml`) as a family's tables. The generator runs
 * this at build time, `lw call --spec` at run time; the rules of numbering are those of the kernel's own
 * Python reader (tools/net/ynl/pyynl/lib/nlspec.py).
 */
import { LinkwatchError } from '../errors.js';
import { NETLINK_GENERIC } from '../netlink/protocols.js';
import type {
  AttributeTable,
  ByteOrder,
  Checks,
  DisplayHint,
  EnumTable,
  FamilyTable,
  MemberTable,
  SetTable,
  SubMessageTable,
} from '../schema/table.js';
import { checkTable } from './check-table.js';
import { lengthOf, limitOf } from './limits.js';
import { SpecNode } from './node.js';
import { operationTables } from './operations.js';

/** A specification that cannot be used: `path` names the place, such as `attribute-sets[3].attributes[0].type`. */
export class SpecError extends LinkwatchError {
  readonly path: string;

  constructor(path: string, reason: string) {
    super('SPEC', `${path}: ${reason}`);
    this.path = path;
  }
}

/**
 * @param spec what a YAML parser made of the file
 * @throws SpecError with the path of what is wrong
 */
export function fromSpec(spec: unknown): FamilyTable {
  const root = new SpecNode(spec, 'spec', (path, reason) => new SpecError(path, reason));
  const generic = root.text('protocol', 'genetlink') !== 'netlink-raw';
  const constants = constantsOf(root);
  const table: FamilyTable = {
    name: root.text('name'),
    protocol: generic ? NETLINK_GENERIC : root.number('protonum'),
    ...(generic ? { genericVersion: root.number('version', 1) } : {}),
    enums: enumTables(root),
    structs: structTables(root, constants),
    sets: setTables(root, constants),
    subMessages: subMessageTables(root),
    operations: operationTables(root.child('operations')),
    groups: groupTables(root),
  };
  checkTable(table, (path, reason) => new SpecError(path, reason));
  return table;
}

/** Named constants of the specification, for lengths and limits. */
export type Constants = ReadonlyMap<string, number>;

function constantsOf(root: SpecNode): Constants {
  const rows = root.children('definitions').filter((node) => node.text('type') === 'const');
  // wireguard names its key-len with the prefix of the C name, others without.
  return new Map(
    rows.flatMap((node) => {
      const value = Number(node.value('value'));
      const name = node.text('name');
      return [
        [name, value],
        [`${node.text('name-prefix', '')}${name}`, value],
      ] as const;
    }),
  );
}

function enumTables(root: SpecNode): Record<string, EnumTable> {
  const tables: Record<string, EnumTable> = {};
  for (const node of root.children('definitions')) {
    const kind = node.text('type');
    if (kind === 'enum' || kind === 'flags')
      tables[node.text('name')] = { kind, entries: entriesOf(node) };
  }
  return tables;
}

function entriesOf(node: SpecNode): Record<string, number> {
  const entries: Record<string, number> = {};
  let next = node.number('value-start', 0);
  for (const entry of node.children('entries')) {
    const value = entry.isMapping ? entry.number('value', next) : next;
    entries[entry.nameOrText()] = value;
    next = value + 1;
  }
  return entries;
}

function structTables(root: SpecNode, constants: Constants): Record<string, MemberTable[]> {
  const tables: Record<string, MemberTable[]> = {};
  for (const node of root.children('definitions')) {
    if (node.text('type') !== 'struct') continue;
    tables[node.text('name')] = node
      .children('members')
      .map((member) => memberTable(member, constants));
  }
  return tables;
}

type Maybe<T> = T | undefined;

const byteOrders = /^(big|little)-endian$/;
const hints = /^(hex|mac|fddi|ipv4|ipv6|ipv4-or-v6|uuid)$/;
const memberTypes = /^([us](8|16|32|64)|string|binary|pad)$/;
const attributeTypes =
  /^([us](8|16|32|64)|uint|sint|string|binary|flag|nest|indexed-array|nest-type-value|sub-message|bitfield32|pad|unused)$/;

function memberTable(node: SpecNode, constants: Constants): MemberTable {
  return {
    name: node.text('name'),
    type: node.oneOf('type', memberTypes) as MemberTable['type'],
    ...given('len', lengthOf(node, 'len', constants)),
    ...given('struct', node.optionalText('struct')),
    ...numberFields(node),
    ...(node.optional('x-rest') === true ? { rest: true } : {}),
  };
}

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}

function numberFields(
  node: SpecNode,
): Pick<AttributeTable, 'byteOrder' | 'enum' | 'enumAsFlags' | 'hint'> {
  return {
    ...given('byteOrder', node.optionalOneOf('byte-order', byteOrders) as ByteOrder | undefined),
    ...given('enum', node.optionalText('enum')),
    ...(node.optional('enum-as-flags') === true ? { enumAsFlags: true } : {}),
    ...given('hint', node.optionalOneOf('display-hint', hints) as DisplayHint | undefined),
  };
}

function setTables(root: SpecNode, constants: Constants): Record<string, SetTable> {
  const nodes = new Map(root.children('attribute-sets').map((node) => [node.text('name'), node]));
  const full = new Map<string, readonly AttributeTable[]>();
  const tables: Record<string, SetTable> = {};
  // Subsets take numbers and properties from the set that they are part of, so whole sets come first.
  for (const [name, node] of nodes) {
    if (node.optional('subset-of') !== undefined) continue;
    full.set(name, attributeTables(node, constants));
  }
  for (const [name, node] of nodes) {
    const parent = node.optionalText('subset-of');
    const prefix = (parent === undefined ? node : nodes.get(parent))?.optionalText('name-prefix');
    const attributes =
      parent === undefined ? full.get(name) : subset(node, full.get(parent), constants);
    tables[name] = { ...given('prefix', prefix), attributes: attributes ?? [] };
  }
  return tables;
}

function attributeTables(node: SpecNode, constants: Constants): AttributeTable[] {
  let next = 1;
  return node.children('attributes').map((attribute) => {
    const id = attribute.number('value', next);
    next = id + 1;
    return attributeTable(attribute, id, constants);
  });
}

function subset(
  node: SpecNode,
  parent: readonly AttributeTable[] | undefined,
  constants: Constants,
): AttributeTable[] {
  if (parent === undefined) throw node.error('subset-of', 'names no attribute set');
  const rows = node.children('attributes').map((attribute): [string, AttributeTable] => {
    const name = attribute.text('name');
    const whole = parent.find((row) => row.name === name);
    if (whole === undefined) {
      throw attribute.error('name', 'is not in the set that this is part of');
    }
    return [name, { ...whole, ...attributeFields(attribute, constants) }];
  });
  // devlink names two attributes of a subset twice.
  return [...new Map(rows).values()];
}

function attributeTable(node: SpecNode, id: number, constants: Constants): AttributeTable {
  return {
    id,
    name: node.text('name'),
    type: node.oneOf('type', attributeTypes) as AttributeTable['type'],
    ...attributeFields(node, constants),
  };
}

function attributeFields(node: SpecNode, constants: Constants): Partial<AttributeTable> {
  const typeValue = node.optional('type-value');
  return {
    ...given('type', node.optionalOneOf('type', attributeTypes) as Maybe<AttributeTable['type']>),
    ...numberFields(node),
    ...given('set', node.optionalText('nested-attributes')),
    ...given('struct', node.optionalText('struct')),
    ...given(
      'subType',
      node.optionalOneOf('sub-type', attributeTypes) as Maybe<AttributeTable['type']>,
    ),
    ...given('subMessage', node.optionalText('sub-message')),
    ...given('selector', node.optionalText('selector')),
    ...(Array.isArray(typeValue) ? { typeValue: typeValue.map(String) } : {}),
    ...(node.optional('multi-attr') === true ? { multi: true } : {}),
    ...given('checks', checksOf(node, constants)),
  };
}

function checksOf(node: SpecNode, constants: Constants): Checks | undefined {
  if (node.optional('checks') === undefined) return undefined;
  const checks = node.child('checks');
  const found: Checks = {
    ...given('min', limitOf(checks, 'min', constants)),
    ...given('max', limitOf(checks, 'max', constants)),
    ...given('minLen', lengthOf(checks, 'min-len', constants)),
    ...given('maxLen', lengthOf(checks, 'max-len', constants)),
    ...given('exactLen', lengthOf(checks, 'exact-len', constants)),
  };
  return Object.keys(found).length === 0 ? undefined : found;
}

function subMessageTables(root: SpecNode): Record<string, SubMessageTable> {
  const tables: Record<string, SubMessageTable> = {};
  for (const node of root.children('sub-messages')) {
    tables[node.text('name')] = Object.fromEntries(
      node.children('formats').map((format) => [
        String(format.value('value')),
        {
          ...given('header', format.optionalText('fixed-header')),
          ...given('set', format.optionalText('attribute-set')),
        },
      ]),
    );
  }
  return tables;
}

function groupTables(root: SpecNode): Record<string, number | undefined> {
  if (root.optional('mcast-groups') === undefined) return {};
  const groups = root.child('mcast-groups').children('list');
  return Object.fromEntries(
    groups.map((group) => [
      group.text('name'),
      group.optional('value') === undefined ? undefined : group.number('value'),
    ]),
  );
}
