import {
  defineFamily,
  type ExplainNode,
  explainMessage,
  explainText,
  hexBytes,
  maxNestingDepth,
  type NetlinkMessage,
  splitMessages,
} from '@lw/codec';
import { nlctrl } from '@lw/codec/families/nlctrl';
import { routeFamilies } from '@lw/codec/families/route';
import { describe, expect, it } from 'vitest';
import { everything } from './support/everything.ts';
import { uncovered } from './support/leaves.ts';

function bytesOf(...hex: readonly string[]): Uint8Array {
  return hexBytes(hex.join('').replaceAll(' ', '')) as Uint8Array;
}

function explain(...hex: readonly string[]): ExplainNode {
  const [message] = splitMessages(bytesOf(...hex));
  const node = explainMessage(routeFamilies, message as NetlinkMessage);
  expect(uncovered(node)).toBe('');
  return node;
}

function all(node: ExplainNode): ExplainNode[] {
  return [node, ...(node.children ?? []).flatMap(all)];
}

function notesOf(node: ExplainNode): string[] {
  return all(node).flatMap(({ name, note }) => (note === undefined ? [] : [`${name}: ${note}`]));
}

// RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, written down by hand after
// <linux/rtnetlink.h>, <linux/if_link.h>: what `ip link add v0 mtu 9000 type vlan id 100` sends, nearly.
const newlink = [
  '4c000000 1000 0506 01000000 00000000', // nlmsghdr: 76 bytes
  '00 00 0000 00000000 00000000 00000000', // ifinfomsg
  '0800 0400 28230000', // IFLA_MTU 9000
  '0700 0300 763000 00', // IFLA_IFNAME "v0", one byte of padding
  '1c00 1200', // IFLA_LINKINFO, without NLA_F_NESTED
  '0900 0100 766c616e00 000000', // IFLA_INFO_KIND "vlan", three bytes of padding
  '0c00 0280 0600 0100 6400 0000', // IFLA_INFO_DATA: IFLA_VLAN_ID 100
];

describe('explainText', () => {
  it('shows each byte once, beside the name of what it is', () => {
    expect(`\n${explainText(explain(...newlink), bytesOf(...newlink))}`).toBe(`
 0                            newlink: rt-link
 0                              nlmsghdr
 0  4c 00 00 00                   nlmsg_len len: u32 = 76
 4  10 00                         nlmsg_type type: u16 = 16
 6  05 06                         nlmsg_flags flags: u16 = request ack excl create
 8  01 00 00 00                   nlmsg_seq seq: u32 = 1
12  00 00 00 00                   nlmsg_pid pid: u32 = 0
16                              ifinfomsg
16  00                            ifi-family: u8 = 0
18  00 00                         ifi-type: u16 = 0
20  00 00 00 00                   ifi-index: s32 = 0
24  00 00 00 00                   ifi-flags: u32 flags ifinfo-flags = none
28  00 00 00 00                   ifi-change: u32 = 0
32  08 00 04 00 28 23 00 00     IFLA_MTU mtu: u32 = 9000
40  07 00 03 00 76 30 00        IFLA_IFNAME ifname: string = "v0"
48  1c 00 12 00                 IFLA_LINKINFO linkinfo: nest linkinfo-attrs  (no NLA_F_NESTED)
52  09 00 01 00 76 6c 61 6e…      IFLA_INFO_KIND kind: string = "vlan"
64  0c 00 02 80                   IFLA_INFO_DATA data: sub-message linkinfo-data-msg
68  06 00 01 00 64 00               IFLA_VLAN_ID id: u16 = 100
`);
  });

  it('cuts hex after the width that is asked for', () => {
    const text = explainText(explain(...newlink), bytesOf(...newlink), { width: 2 });
    expect(text).toContain('32  08 00…    IFLA_MTU');
  });

  it('escapes what a terminal would act on (K36)', () => {
    const name = ['28000000 1000 0000 00000000 00000000', '00'.repeat(16), '0800 0300 1bc29b00'];
    const text = explainText(explain(...name), bytesOf(...name));
    expect(text).toContain('= "\\u001b\\u009b"');
  });
});

const header = (length: number, type = 16) =>
  `${length.toString(16).padStart(2, '0')}000000 ${type.toString(16)}00 0000 00000000 00000000`;
const ifinfomsg = '00'.repeat(16);

describe('a nest that the tables do not describe', () => {
  it('is binary without a note', () => {
    // IFLA_DEVLINK_PORT as links without a devlink port have it: empty, with NLA_F_NESTED.
    const hex = [header(36), ifinfomsg, '0400 3e80'];
    expect(notesOf(explain(...hex))).toEqual([]);
    const text = explainText(explain(...hex), bytesOf(...hex));
    expect(text).toContain('IFLA_DEVLINK_PORT devlink-port: binary = empty');
  });
});

describe('a note stands where bytes are not as they should be', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['an unknown attribute', ['0800 ff3f 00000000'], ['attribute 16383: unknown']],
    [
      'a wrong size',
      ['0600 0400 dc05 0000'],
      ['mtu: wrong size: 4 bytes wanted, 2 bytes are there'],
    ],
    [
      'a length beyond the message',
      ['0900 0400 dc050000'],
      ['attribute 4: truncated: nla_len is 9, 8 bytes are left'],
    ],
    ['bytes behind the last attribute', ['0000'], ['rest: trailing bytes']],
    [
      'padding with old memory in it',
      ['0700 0300 763000 aa'],
      ['padding: padding that is not zero'],
    ],
    [
      'a struct that ends early',
      ['0a00 0e00 000000000000'],
      ['map: short: 6 of 32 bytes', 'mem-start: truncated: 6 of 8 bytes'],
    ],
    [
      'a plain value marked as a nest',
      ['0800 0480 dc050000'],
      ['mtu: NLA_F_NESTED on a value without attributes'],
    ],
    [
      'a sub-message without its selector',
      ['0c00 1200', '0800 0200 00000000'],
      ['data: no format for this kind'],
    ],
  ])('%s', (_, attributes, notes) => {
    const { length } = bytesOf(...attributes);
    expect(notesOf(explain(header(32 + length), ifinfomsg, ...attributes))).toEqual(notes);
  });

  it('a fixed header that is cut', () => {
    expect(notesOf(explain(header(17, 18), '00'))).toEqual(['ifinfomsg: short: 1 of 16 bytes']);
  });

  it('a message type that nobody knows', () => {
    const notes = ['type 255: no family here knows message type 255', 'rest: unknown'];
    expect(notesOf(explain(header(20, 255), '00000000'))).toEqual(notes);
  });

  it('a message without a whole header, made by hand', () => {
    const bytes = new Uint8Array(7);
    const made = { length: 7, type: 16, flags: 0, seq: 0, portId: 0, offset: 100, bytes };
    const node = explainMessage(routeFamilies, made);
    expect([node.start, node.end, node.note]).toEqual([100, 107, 'truncated: 7 of 16 bytes']);
    expect(uncovered(node)).toBe('');
  });
});

describe('an acknowledgement', () => {
  // EINVAL, NLM_F_ACK_TLVS; the request is RTM_GETLINK with an ifinfomsg and IFLA_MTU; the extended
  // acknowledgement has a message and the offset 32.
  const request = ['28000000 1200 0500 01000000 00000000', ifinfomsg, '0800 0400 28230000'];
  const extack = ['0800 0100 62616400', '0800 0200 20000000'];

  it('holds the error number, the request and the extended acknowledgement', () => {
    const node = explain('4c000000 0200 0002 01000000 00000000', 'eaffffff', ...request, ...extack);
    const [, errno, asked, attrs] = node.children ?? [];
    expect(errno).toMatchObject({
      start: 16,
      end: 20,
      value: 22,
      note: 'EINVAL: Invalid argument',
    });
    expect(asked).toMatchObject({ start: 20, end: 60, name: 'request', value: 'getlink' });
    expect(attrs?.children?.map(({ cName, value, note }) => [cName, value, note])).toEqual([
      ['NLMSGERR_ATTR_MSG', 'bad', undefined],
      ['NLMSGERR_ATTR_OFFS', 32, 'points at mtu'],
    ]);
  });

  it('of a dump that ended well holds nothing more', () => {
    expect(explain('14000000 0300 0200 01000000 00000000', '00000000').children).toHaveLength(2);
  });

  it('inside of another is not entered: hostile bytes could nest them without end', () => {
    const inner = ['24000000 0200 0000 01000000 00000000', '00000000', header(16)];
    const node = explain('38000000 0200 0000 01000000 00000000', '00000000', ...inner);
    expect(notesOf(node)).toEqual(['rest: a control message, not entered']);
  });
});

describe('a sub-message', () => {
  const family = defineFamily(everything);
  const read = (...attributes: readonly string[]) => {
    const hex = [header(24 + bytesOf(...attributes).length), '00'.repeat(8), ...attributes];
    const [message] = splitMessages(bytesOf(...hex));
    const node = explainMessage(family, message as NetlinkMessage);
    expect(uncovered(node)).toBe('');
    return all(node).map(({ start, end, name, value }) => [start, end, name, value]);
  };

  it('has its fixed header, then its attributes', () => {
    // kind "both"; data: limit 7, then a = 1
    const nodes = read('0900 1c00 626f746800 000000', '1000 1d00 07000000 0800 0100 01000000');
    expect(nodes).toContainEqual([40, 44, 'limit', 7]);
    expect(nodes).toContainEqual([44, 52, 'a', 1]);
  });

  it('finds its selector two sets further out, and behind itself', () => {
    // deep { deeper { app { a = 1 } } }, then kind "set"
    const nodes = read('1400 1e80 1000 0180 0c00 0180 0800 0100 01000000', '0800 1c00 73657400');
    expect(nodes).toContainEqual([36, 44, 'a', 1]);
  });
});

describe('the levels of a nest-type-value', () => {
  it('are attributes whose type number is the value', () => {
    // As nlctrl answers CTRL_CMD_GETPOLICY, without the family's id: CTRL_ATTR_OP_POLICY of op 13.
    const hex = ['2c000000 1000 0200 e8030000 00000000', '0a 02 0000'];
    const bytes = bytesOf(...hex, '1800 0980 1400 0d80 0800 0100 00000000 0800 0200 00000000');
    const [message] = splitMessages(bytes);
    const node = explainMessage(nlctrl, message as NetlinkMessage);
    expect(uncovered(node)).toBe('');
    const level = all(node).find(({ name }) => name === 'opId');
    expect(level).toMatchObject({ start: 24, end: 44, value: 13 });
    expect(level?.children?.slice(1).map(({ name }) => name)).toEqual(['do', 'dump']);
  });
});

describe('hostile nests', () => {
  const matryoshka = defineFamily({
    name: 'matryoshka',
    protocol: 0,
    enums: {},
    structs: {},
    sets: { doll: { attributes: [{ id: 1, name: 'doll', type: 'nest', set: 'doll' }] } },
    subMessages: {},
    operations: [{ name: 'get', set: 'doll', request: 18, reply: 16, do: true }],
    groups: {},
  });

  it('are entered as deep as decoding goes', () => {
    const depth = 1000;
    const bytes = new Uint8Array(16 + 4 * depth);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, bytes.length, true);
    view.setUint16(4, 16, true);
    for (let at = 16; at < bytes.length; at += 4) {
      view.setUint16(at, bytes.length - at, true);
      view.setUint16(at + 2, 0x8001, true);
    }
    const [message] = splitMessages(bytes);
    const node = explainMessage(matryoshka, message as NetlinkMessage);
    expect(uncovered(node)).toBe('');
    expect(all(node).filter(({ name }) => name === 'doll')).toHaveLength(maxNestingDepth + 1);
    expect(notesOf(node)).toEqual([`doll: not entered: nests deeper than ${maxNestingDepth}`]);
  });
});
