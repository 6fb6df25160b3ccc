import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyOverlay, defineFamily, type FamilyTable, fromSpec, SpecError } from '@lw/codec';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasShared, sharedFolder, sharedReason } from './support/shared.ts';

const folder = join(sharedFolder, 'specs');
const schemas = new Set(['netlink-raw', 'genetlink', 'genetlink-c', 'genetlink-legacy']);
const names = hasShared
  ? readdirSync(folder)
      .map((file) => file.replace('.yaml', ''))
      .filter((name) => !schemas.has(name))
  : [];

const tables = new Map<string, FamilyTable>(
  names.map((name) => [name, fromSpec(parse(readFileSync(join(folder, `${name}.yaml`), 'utf8')))]),
);

describe(`specifications of the kernel become tables${sharedReason}`, () => {
  it.runIf(hasShared)('all 33, with every operation, attribute, struct and sub-message', () => {
    const all = [...tables.values()];
    const count = (of: (table: FamilyTable) => number): number =>
      all.reduce((sum, t) => sum + of(t), 0);
    expect(all).toHaveLength(33);
    expect(count((t) => t.operations.length)).toBe(340);
    expect(count((t) => Object.keys(t.structs).length)).toBe(125);
    expect(count((t) => Object.values(t.structs).flat().length)).toBe(591);
    expect(count((t) => Object.keys(t.subMessages).length)).toBe(7);
    expect(count((t) => Object.keys(t.groups).length)).toBe(36);
  });

  it.each(names)('%s links and compiles: no name in it leads nowhere', (name) => {
    const family = defineFamily(tables.get(name) as FamilyTable);
    for (const row of family.model.table.operations) family.model.operation(row);
    for (const setName of Object.keys(family.model.table.sets)) {
      const set = family.model.set(setName);
      const context = {
        bytes: new Uint8Array(0),
        view: new DataView(new ArrayBuffer(0)),
        little: true,
        base: 0,
        problems: [],
        problemLimit: 0,
      };
      const engine = family.engine(true);
      const decode = engine.set(set);
      expect(decode.call({ ...context, engine }, 0, 0, 0, undefined).unknown).toBeUndefined();
    }
  });

  it.runIf(hasShared)('numbers operations as the kernel headers do', () => {
    const numbers = (family: string, op: string): unknown[] => {
      const row = tables.get(family)?.operations.find(({ name }) => name === op);
      return [row?.request, row?.reply];
    };
    // <linux/ethtool_netlink.h>: ETHTOOL_MSG_LINKINFO_GET 2, …_GET_REPLY 2, RINGS_GET 15/16, RSS_GET 38/38
    expect(numbers('ethtool', 'linkinfo-get')).toEqual([2, 2]);
    expect(numbers('ethtool', 'rings-get')).toEqual([15, 16]);
    // <linux/netdev.h>: NETDEV_CMD_DEV_GET 1, QUEUE_GET 10
    expect(numbers('netdev', 'dev-get')).toEqual([1, 1]);
    expect(numbers('netdev', 'queue-get')).toEqual([10, 10]);
    // <linux/genetlink.h>: CTRL_CMD_GETFAMILY 3 is answered by CTRL_CMD_NEWFAMILY 1
    expect(numbers('nlctrl', 'getfamily')).toEqual([3, 1]);
  });
});

describe('a specification that cannot be used names the place', () => {
  const good = { name: 'x', 'attribute-sets': [], operations: { list: [] } };
  it.each([
    ['no mapping', 7, 'spec'],
    ['no name', { operations: { list: [] } }, 'spec.name'],
    ['a list that is none', { ...good, definitions: 3 }, 'spec.definitions'],
    [
      'an unknown type',
      { ...good, 'attribute-sets': [{ name: 'a', attributes: [{ name: 'b', type: 'u128' }] }] },
      'spec.attribute-sets[0].attributes[0].type',
    ],
    [
      'a subset of nothing',
      { ...good, 'attribute-sets': [{ name: 'a', 'subset-of': 'b', attributes: [] }] },
      'spec.attribute-sets[0].subset-of',
    ],
    [
      'an unknown constant',
      {
        ...good,
        definitions: [
          { name: 's', type: 'struct', members: [{ name: 'm', type: 'binary', len: 'no-such' }] },
        ],
      },
      'spec.definitions[0].members[0].len',
    ],
  ])('%s', (_, spec, path) => {
    expect(() => fromSpec(spec)).toThrow(expect.objectContaining({ path }) as Error);
    expect(() => fromSpec(spec)).toThrow(SpecError);
  });
});

describe('an overlay', () => {
  it('changes rows by name, adds others, and leaves the specification alone', () => {
    const spec = { list: [{ name: 'a', type: 'u8' }, { name: 'b' }], members: [1] };
    const merged = applyOverlay(spec, {
      list: [{ name: 'a', type: 'u16' }, { name: 'c' }],
      members: [2],
    });
    expect(merged).toEqual({
      list: [{ name: 'a', type: 'u16' }, { name: 'b' }, { name: 'c' }],
      members: [2],
    });
    expect(spec.list).toHaveLength(2);
  });
});
