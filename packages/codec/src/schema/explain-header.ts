/** The headers that every message, or every one of generic netlink, begins with. */

import { type FlagContext, messageFlagNames } from '../netlink/flags.js';
import { NLMSG_HDRLEN } from '../wire/nlmsg.js';
import type { Context } from './context.js';
import { type ExplainNode, joinNotes, nodeAt, type Stretch } from './explain-node.js';
import { explainStruct, shortStruct } from './explain-struct.js';
import { GENL_HDRLEN } from './family.js';
import { linkFamily } from './link-family.js';
import type { FamilyTable } from './table.js';

const headers: FamilyTable = {
  name: 'netlink',
  protocol: 0,
  enums: {},
  structs: {
    nlmsghdr: [
      { name: 'len', type: 'u32' },
      { name: 'type', type: 'u16' },
      { name: 'flags', type: 'u16' },
      { name: 'seq', type: 'u32' },
      { name: 'pid', type: 'u32' },
    ],
    genlmsghdr: [
      { name: 'cmd', type: 'u8' },
      { name: 'version', type: 'u8' },
      { name: 'reserved', type: 'u16' },
    ],
  },
  sets: {},
  subMessages: {},
  operations: [],
  groups: {},
};

const model = linkFamily(headers);

/** struct nlmsghdr { __u32 nlmsg_len; __u16 nlmsg_type; __u16 nlmsg_flags; __u32 nlmsg_seq; __u32 nlmsg_pid; } */
export function messageHeaderNode(
  context: Context,
  { start, end }: Stretch,
  flags: FlagContext | undefined,
): ExplainNode {
  const node = headerNode(context, 'nlmsghdr', { start, end: Math.min(end, start + NLMSG_HDRLEN) });
  const children = (node.children ?? []).map((field): ExplainNode => {
    const named = { ...field, cName: `nlmsg_${field.name}` };
    if (field.name !== 'flags' || typeof field.value !== 'number') return named;
    return { ...named, value: messageFlagNames(field.value, flags) };
  });
  return { ...node, children };
}

/** struct genlmsghdr { __u8 cmd; __u8 version; __u16 reserved; }; none when not a byte of it is there. */
export function genericHeaderNodes(context: Context, { start, end }: Stretch): ExplainNode[] {
  if (start >= end) return [];
  const node = headerNode(context, 'genlmsghdr', {
    start,
    end: Math.min(end, start + GENL_HDRLEN),
  });
  const children = (node.children ?? []).map((field) => ({ ...field, cName: field.name }));
  return [{ ...node, children }];
}

function headerNode(context: Context, name: string, place: Stretch): ExplainNode {
  const struct = model.struct(name);
  return nodeAt(context, place, {
    name,
    cName: name,
    type: `struct ${name}`,
    ...joinNotes(shortStruct(struct, place)),
    children: explainStruct(context, struct, place),
  });
}
