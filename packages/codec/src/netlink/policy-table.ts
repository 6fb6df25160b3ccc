import type { FamilyTable } from '../schema/table.js';

/**
 * Attributes of acknowledgements, `<linux/netlink.h>`: `enum nlmsgerr_attrs` and
 * `enum netlink_policy_type_attr`. Every protocol has them, so no family's specification does.
 */
export const table: FamilyTable = {
  name: 'nlmsgerr',
  protocol: 0,
  enums: {
    'attr-type': {
      kind: 'enum',
      entries: {
        invalid: 0,
        flag: 1,
        u8: 2,
        u16: 3,
        u32: 4,
        u64: 5,
        s8: 6,
        s16: 7,
        s32: 8,
        s64: 9,
        binary: 10,
        string: 11,
        'nul-string': 12,
        nested: 13,
        'nested-array': 14,
        bitfield32: 15,
        sint: 16,
        uint: 17,
      },
    },
  },
  structs: {},
  sets: {
    'nlmsgerr-attrs': {
      prefix: 'nlmsgerr-attr-',
      attributes: [
        { id: 1, name: 'msg', type: 'string' },
        { id: 2, name: 'offs', type: 'u32' },
        { id: 3, name: 'cookie', type: 'binary' },
        { id: 4, name: 'policy', type: 'nest', set: 'policy-attrs' },
        { id: 5, name: 'miss-type', type: 'u32' },
        { id: 6, name: 'miss-nest', type: 'u32' },
      ],
    },
    'policy-attrs': {
      prefix: 'nl-policy-type-attr-',
      attributes: [
        { id: 1, name: 'type', type: 'u32', enum: 'attr-type' },
        { id: 2, name: 'min-value-s', type: 's64' },
        { id: 3, name: 'max-value-s', type: 's64' },
        { id: 4, name: 'min-value-u', type: 'u64' },
        { id: 5, name: 'max-value-u', type: 'u64' },
        { id: 6, name: 'min-length', type: 'u32' },
        { id: 7, name: 'max-length', type: 'u32' },
        { id: 8, name: 'policy-idx', type: 'u32' },
        { id: 9, name: 'policy-maxtype', type: 'u32' },
        { id: 10, name: 'bitfield32-mask', type: 'u32' },
        { id: 11, name: 'pad', type: 'pad' },
        { id: 12, name: 'mask', type: 'u64' },
      ],
    },
  },
  subMessages: {},
  operations: [],
  groups: {},
};
