import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  camelCase,
  decodeMessage,
  EncodeError,
  encodeRequest,
  type Family,
  NLM_F_ACK,
  NLM_F_REQUEST,
  type Operation,
  readHex,
} from '@lw/codec';
import { allFamilies } from '@lw/codec/families/all';
import { nlctrl } from '@lw/codec/families/nlctrl';
import { rtLink } from '@lw/codec/families/rt-link';
import { describe, expect, it } from 'vitest';
import { canonical } from './support/canonical.ts';
import { hasShared, rowsOf, sharedReason } from './support/shared.ts';
import {
  familiesOf,
  familyVectors,
  messageOf,
  operationOf,
  requestVectors,
} from './support/vectors.ts';

function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [camelCase(k), camelKeys(v)]));
}

function operationNamed(spec: string, name: string): Operation {
  return (allFamilies[spec] as Family).ops[name] as Operation;
}

describe(`requests encode to the bytes that the kernel's own client makes${sharedReason}`, () => {
  it.skipIf(!hasShared).each(rowsOf(requestVectors.map((v) => [v.id, v] as const)))(
    '%s',
    (_, vector) => {
      const operation = operationNamed(vector.spec, vector.op);
      const values = camelKeys(vector.vals) as Record<string, unknown>;
      const members = operation.model.header?.byKey;
      const isMember = ([key]: [string, unknown]): boolean => members?.has(key) === true;
      const entries = Object.entries(values);
      const bytes = encodeRequest(operation, {
        flags: NLM_F_REQUEST | NLM_F_ACK | vector.extra_flags,
        seq: vector.seq,
        header: Object.fromEntries(entries.filter(isMember)),
        attrs: Object.fromEntries(entries.filter((entry) => !isMember(entry))),
        ...(operation.family.generic ? { type: vector.genl_family_id ?? 0x10, version: 1 } : {}),
      });
      expect(readHex(bytes)).toBe(vector.hex);
    },
  );
});

describe(`captured messages encode back to their bytes, but for order, flag bits and padding${sharedReason}`, () => {
  const known = JSON.parse(
    readFileSync(join(import.meta.dirname, 'reencode-exceptions.json'), 'utf8'),
  ) as Record<string, string>;
  const vectors = familyVectors.filter((v) => v.tier === 'upstream');
  it.skipIf(!hasShared).each(rowsOf(vectors.map((v) => [v.id, v] as const)))('%s', (id, vector) => {
    const message = messageOf(vector.hex);
    const families = familiesOf(vector.spec);
    const operation = operationOf(families, message) as Operation;
    const { header, attrs, unknown } = decodeMessage(families, message);
    const bytes = encodeRequest(operation, {
      type: message.type,
      direction: (message.flags & NLM_F_REQUEST) === 0 ? 'reply' : 'request',
      version: message.bytes[17] as number,
      flags: message.flags,
      seq: message.seq,
      portId: message.portId,
      header,
      attrs,
      ...(unknown === undefined ? {} : { unknown }),
    });
    const again = messageOf(readHex(bytes));
    const same = () => expect(canonical(operation, again)).toEqual(canonical(operation, message));
    // Both ways: an exception that is none any more must leave the file.
    if (id in known) expect(same, `listed as: ${known[id]}`).toThrow();
    else same();
  });
});

describe('what cannot be encoded is refused with the path of the value', () => {
  const encode = (attrs: object, header: object = {}): Uint8Array =>
    encodeRequest(rtLink.ops.newlink as Operation, { flags: 1, seq: 1, header, attrs });
  const refusal = (run: () => unknown): Pick<EncodeError, 'code' | 'path'> => {
    try {
      run();
    } catch (error) {
      if (error instanceof EncodeError) return { code: error.code, path: error.path };
      throw error;
    }
    throw new Error('it was encoded');
  };
  it.each([
    ['an attribute that is none', { colour: 1 }, 'UNKNOWN_ATTRIBUTE', 'attrs.colour'],
    ['text for a number', { mtu: 'large' }, 'WRONG_TYPE', 'attrs.mtu'],
    ['a number for text', { ifname: 7 }, 'WRONG_TYPE', 'attrs.ifname'],
    ['a number too large for its type', { mtu: 2 ** 32 }, 'OUT_OF_RANGE', 'attrs.mtu'],
    ['a negative number where none is', { mtu: -1 }, 'OUT_OF_RANGE', 'attrs.mtu'],
    ['a fraction', { mtu: 1.5 }, 'WRONG_TYPE', 'attrs.mtu'],
    ['a number above the checks of the tables', { txqlen: 40_000 }, 'OUT_OF_RANGE', 'attrs.txqlen'],
    ['a NUL in text', { ifname: 'a\0b' }, 'WRONG_TYPE', 'attrs.ifname'],
    ['no address', { address: 'zz:zz' }, 'WRONG_TYPE', 'attrs.address'],
    [
      'no name of the enum',
      { linkinfo: { kind: 'vlan', data: { protocol: 'qinq' } } },
      'UNKNOWN_ENUM_NAME',
      'attrs.linkinfo.data.protocol',
    ],
    [
      'data of an unknown kind',
      { linkinfo: { kind: 'x', data: {} } },
      'NO_FORMAT',
      'attrs.linkinfo.data',
    ],
    ['a nest that is no object', { linkinfo: 3 }, 'WRONG_TYPE', 'attrs.linkinfo'],
    ['a member that is none', { map: { colour: 1 } }, 'UNKNOWN_MEMBER', 'attrs.map.colour'],
    [
      'an item of a list',
      { propList: { altIfname: ['good', 7] } },
      'WRONG_TYPE',
      'attrs.propList.altIfname[1]',
    ],
    [
      'more than an attribute holds',
      { ifalias: 'x'.repeat(70_000) },
      'WRONG_LENGTH',
      'attrs.ifalias',
    ],
  ])('%s', (_, attrs, code, path) => {
    expect(refusal(() => encode(attrs))).toEqual({ code, path });
  });

  it('a header member that is none', () => {
    expect(refusal(() => encode({}, { ifiColour: 1 }))).toEqual({
      code: 'UNKNOWN_MEMBER',
      path: 'header.ifiColour',
    });
  });

  it('a generic netlink request without the id that the kernel gave the family', () => {
    const run = () => encodeRequest(nlctrl.ops.getfamily, { flags: 1, seq: 1 });
    expect(refusal(run).code).toBe('UNKNOWN_OPERATION');
  });
});
