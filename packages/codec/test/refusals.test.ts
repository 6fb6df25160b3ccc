import {
  type DecodeError,
  decodeAck,
  decodeMessage,
  defineFamily,
  EncodeError,
  encodeRequest,
  type FamilyTable,
  fromSpec,
  messageToJson,
  type Operation,
  splitMessages,
  toJson,
} from '@lw/codec';
import { routeFamilies } from '@lw/codec/families/route';
import { rtLink } from '@lw/codec/families/rt-link';
import { tc } from '@lw/codec/families/tc';
import { describe, expect, it } from 'vitest';
import { everything } from './support/everything.ts';
import { messageOf, operationOf } from './support/vectors.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const only = (bytes: Uint8Array) => messageOf(hex(bytes));

/** A table with one set, in both engines. */
function engines(sets: FamilyTable['sets'], rest: Partial<FamilyTable> = {}) {
  const table: FamilyTable = {
    name: 't',
    protocol: 0,
    enums: {},
    structs: {},
    subMessages: {},
    groups: {},
    operations: [{ name: 'op', set: 'main', request: 16, reply: 16 }],
    ...rest,
    sets,
  };
  return (['compiled', 'interpreted'] as const).map((engine) => defineFamily(table, { engine }));
}

function inBoth(
  sets: FamilyTable['sets'],
  attrsHex: string,
  rest: Partial<FamilyTable> = {},
): unknown[] {
  const length = 16 + attrsHex.length / 2;
  const head = `${length.toString(16).padStart(2, '0')}000000100000000000000000000000`;
  return engines(sets, rest).map((family) => {
    const problems: DecodeError[] = [];
    return decodeMessage(family, messageOf(head + attrsHex), { problems });
  });
}

describe('hostile lengths', () => {
  it.each(['00000080', 'ffffffff', 'fcffff7f'])(
    'an acknowledged request of length %s is no crash',
    (length) => {
      const ack = `2800000002000002010000000000000000000000${length}1000050000000000000000000000${'00'}`;
      const padded = ack.padEnd(80, '0');
      expect(() => decodeAck(messageOf(padded))).not.toThrow(RangeError);
      expect(messageToJson(routeFamilies, messageOf(padded)).error).toMatchObject({ errno: 0 });
    },
  );

  it('a path into nests without end stops at the limit', () => {
    const family = defineFamily(everything);
    let inner = Uint8Array.of(4, 0, 23, 0x80);
    while (inner.length < 40_000) {
      const outer = new Uint8Array(inner.length + 4);
      outer.set([outer.length & 255, outer.length >> 8, 23, 0x80]);
      outer.set(inner, 4);
      inner = outer;
    }
    const bytes = new Uint8Array(24 + inner.length);
    new DataView(bytes.buffer).setUint32(0, bytes.length, true);
    bytes[4] = 16;
    bytes.set(inner, 24);
    const problems: DecodeError[] = [];
    decodeMessage(family, only(bytes), { problems });
    expect(problems[0]?.path.split('.').length).toBeLessThan(40);
  });

  it('thousands of faults are noted to a limit, each with the path of its own message', () => {
    const bytes = new Uint8Array(32 + 4 * 10_000);
    new DataView(bytes.buffer).setUint32(0, bytes.length, true);
    bytes[4] = 16;
    for (let at = 32; at < bytes.length; at += 4) bytes.set([4, 0, 4, 0], at);
    const earlier = { path: '', code: 'HEADER_LENGTH' } as DecodeError;
    const problems = [earlier];
    const { unknown } = decodeMessage(routeFamilies, only(bytes), { problems });
    expect(unknown).toHaveLength(10_000);
    expect(problems[0]).toBe(earlier);
    expect(problems).toHaveLength(65);
    expect(new Set(problems.slice(1).map(({ path }) => path))).toEqual(new Set(['mtu']));
  });

  it('a message is told by its own bytes, not by those behind it', () => {
    const datagram = new Uint8Array(36);
    datagram.set([16, 0, 0, 0, 16]);
    datagram.set([20, 0, 0, 0, 16, 0, 0, 0], 16);
    datagram[16] = 20;
    const first = [...splitMessages(datagram)][0] as never;
    expect(operationOf(routeFamilies, first)?.name).toBe('newlink');
  });
});

describe('tables that nobody checked', () => {
  it('cannot put text into compiled code', () => {
    const id = '1: globalThis.pwned = 1; case 2' as unknown as number;
    const [family] = engines({ main: { attributes: [{ id, name: 'a', type: 'u8' }] } });
    expect(() =>
      decodeMessage(family as never, messageOf('10000000100000000000000000000000')),
    ).toThrow(/type number/);
    expect('pwned' in globalThis).toBe(false);
  });

  it('with two rows for one type number read the same in both engines: the later one counts', () => {
    const rows = [
      { id: 1, name: 'first', type: 'u8' },
      { id: 1, name: 'second', type: 'u8' },
    ] as const;
    const [compiled, interpreted] = inBoth({ main: { attributes: rows } }, '0500010007000000');
    expect(compiled).toEqual(interpreted);
    expect(compiled).toMatchObject({ attrs: { second: 7 } });
  });

  it('with a sub-message that stands several times, or looks outside through a format, read the same', () => {
    const sets: FamilyTable['sets'] = {
      main: {
        attributes: [
          { id: 1, name: 'kind', type: 'string' },
          {
            id: 2,
            name: 'data',
            type: 'sub-message',
            subMessage: 'm',
            selector: 'kind',
            multi: true,
          },
        ],
      },
      inner: {
        attributes: [
          { id: 1, name: 'more', type: 'sub-message', subMessage: 'm2', selector: 'kind' },
        ],
      },
      leaf: { attributes: [{ id: 1, name: 'x', type: 'u8' }] },
    };
    const subMessages = { m: { k: { set: 'inner' } }, m2: { k: { set: 'leaf' } } };
    const attrs = '060001006b0000000c0001800500010009000000';
    const [compiled, interpreted] = inBoth(
      sets,
      `060001006b0000001000028${'0'}${attrs.slice(16)}`,
      { subMessages },
    );
    expect(compiled).toEqual(interpreted);
  });

  it.each([
    [
      'a set that is not there',
      {
        'attribute-sets': [
          { name: 'a', attributes: [{ name: 'b', type: 'nest', 'nested-attributes': 'nope' }] },
        ],
      },
    ],
    [
      'a sub-type that is none',
      {
        'attribute-sets': [
          { name: 'a', attributes: [{ name: 'b', type: 'binary', 'sub-type': 'u33' }] },
        ],
      },
    ],
    [
      'a member without a length',
      { definitions: [{ name: 's', type: 'struct', members: [{ name: 'm', type: 'binary' }] }] },
    ],
    [
      'a length beyond any attribute',
      {
        definitions: [
          { name: 's', type: 'struct', members: [{ name: 'm', type: 'binary', len: 1e12 }] },
        ],
      },
    ],
    [
      'a struct in itself',
      {
        definitions: [
          { name: 's', type: 'struct', members: [{ name: 'm', type: 'binary', struct: 's' }] },
        ],
      },
    ],
    ['a name that changes objects', { 'attribute-sets': [{ name: '__proto__', attributes: [] }] }],
    [
      'a negative type number',
      { 'attribute-sets': [{ name: 'a', attributes: [{ name: 'b', type: 'u8', value: -2 }] }] },
    ],
  ])('of a specification are refused: %s', (_, part) => {
    expect(() => fromSpec({ name: 'x', operations: { list: [] }, ...part })).toThrow(
      expect.objectContaining({ code: 'SPEC' }) as Error,
    );
  });
});

describe('a header and an attribute of one name', () => {
  it('in a sub-message both come back (tc netem has loss twice)', () => {
    const operation = tc.ops.newqdisc as Operation;
    const encoded = (options: object) =>
      decodeMessage(
        tc,
        only(encodeRequest(operation, { flags: 1, seq: 1, attrs: { kind: 'netem', options } })),
      );
    expect(encoded({ loss: 42949672, limit: 1000 }).attrs).toMatchObject({
      options: { loss: 42949672, limit: 1000 },
    });
    const nest = encoded({ loss: { gi: { p13: 1 } } }).attrs.options as { loss: object };
    expect(nest.loss).toMatchObject({ gi: { p13: 1 } });
  });
});

describe('what does not fit the wire is refused, never cut', () => {
  const newlink = rtLink.ops.newlink as Operation;
  const run = (request: object) => () => encodeRequest(newlink, { flags: 1, seq: 1, ...request });
  it.each([
    ['a message type', { type: 70_000 }, 'type'],
    ['flags', { flags: 0x10001 }, 'flags'],
    [
      'an unknown attribute',
      { unknown: [{ type: 70_000, bytes: new Uint8Array(0) }] },
      'unknown[0].type',
    ],
    [
      'unknown attributes that are no list',
      { attrs: { linkinfo: { unknown: 5 } } },
      'attrs.linkinfo.unknown',
    ],
    ['a Map as a nest', { attrs: { linkinfo: new Map() } }, 'attrs.linkinfo'],
    [
      'digits as an address',
      { attrs: { linkinfo: { kind: 'gre', data: { local: '10' } } } },
      'attrs.linkinfo.data.local',
    ],
    ['half of a surrogate pair', { attrs: { ifname: 'a\ud800' } }, 'attrs.ifname'],
    ['a number as text beyond the checks', { attrs: { txqlen: '99999' } }, 'attrs.txqlen'],
  ])('%s', (_, request, path) => {
    expect(run(request)).toThrow(expect.objectContaining({ path }) as Error);
    expect(run(request)).toThrow(EncodeError);
  });

  it('a notification is no request', () => {
    expect(() =>
      encodeRequest(rtLink.ops['newlink-ntf'] as Operation, { flags: 1, seq: 1 }),
    ).toThrow(/notification/);
  });
});

describe('JSON goes back in', () => {
  it('unknown attributes, tails and unusual indexes too', () => {
    const family = defineFamily(everything);
    const operation = family.ops.get as Operation;
    const attrs = {
      struct: new Uint8Array(50).fill(1, 40),
      nests: [{ _index: 9, a: 1 }],
      numbers: [{ _index: 5, value: 7 }],
      unknown: [{ type: 99, bytes: Uint8Array.of(1, 2), flags: 0x8000 }],
    };
    const sent = encodeRequest(operation, { flags: 1, seq: 1, attrs });
    const json = toJson(operation, decodeMessage(family, only(sent)));
    expect(json.unknown).toEqual([{ type: 99, hex: '0102', flags: 0x8000 }]);
    const again = encodeRequest(operation, {
      flags: 1,
      seq: 1,
      ...(JSON.parse(JSON.stringify(json)) as object),
    });
    expect(hex(again)).toBe(hex(sent));
  });
});
