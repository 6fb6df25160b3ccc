import {
  type DecodedMessage,
  type DecodeError,
  decodeMessage,
  defineFamily,
  encodeRequest,
  type Family,
  hexBytes,
  type Operation,
  splitMessages,
  toJson,
} from '@lw/codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everything } from './support/everything.ts';

const compiled = defineFamily(everything, { engine: 'compiled' });
const interpreted = defineFamily(everything, { engine: 'interpreted' });
type Endian = 'little' | 'big';

function decode(
  family: Family,
  bytes: Uint8Array,
  endian: Endian,
  problems?: DecodeError[],
): DecodedMessage {
  const [message] = splitMessages(bytes, { endian });
  return decodeMessage(
    family,
    message as never,
    problems === undefined ? { endian } : { endian, problems },
  );
}

function encode(attrs: object, header: object = {}, endian: Endian = 'little'): Uint8Array {
  return encodeRequest(compiled.ops.get as Operation, { flags: 1, seq: 1, header, attrs, endian });
}

const text = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map((s) => s.replaceAll(/[\0\p{Surrogate}]/gu, ''));
const small = fc.record({ a: fc.nat(), b: text }, { requiredKeys: [] });
const bytes = fc.uint8Array({ maxLength: 20 });
const mac = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((b) =>
  Buffer.from(b)
    .toString('hex')
    .replace(/..(?=.)/g, '$&:'),
);
const data = fc.oneof(
  fc.record({ kind: fc.constant('set'), data: small }),
  fc.record({ kind: fc.constant('header'), data: fc.record({ limit: fc.nat() }) }),
  fc.record({
    kind: fc.constant('both'),
    data: fc.record({ limit: fc.nat(), a: fc.nat(), b: text }),
  }),
  fc.record({ kind: fc.constant('empty'), data: fc.constant({}) }),
  fc.record({ kind: fc.constant('strange'), data: bytes }),
);
const struct = fc.record({
  tiny: fc.integer({ min: -128, max: 127 }),
  colour: fc.constantFrom('red', 'green', 'blue', 99),
  mask: fc.nat(),
  big: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  nested: fc.record({ word: fc.nat(65535), mac: fc.constant('02:00:00:00:00:01') }),
  label: fc.constantFrom('', 'eth0', '12345678'),
  raw: fc.uint8Array({ minLength: 4, maxLength: 4 }),
  quad: fc.constantFrom('192.0.2.1', '0.0.0.0', '255.255.255.255'),
});

/** Values as decoding gives them, so that a round trip must give them back exactly. */
const attrs = fc
  .record(
    {
      zero: fc.nat(255),
      u8: fc.nat(255),
      u16Be: fc.nat(65535),
      u32: fc.nat(2 ** 32 - 1),
      u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      s8: fc.integer({ min: -128, max: 127 }),
      s16: fc.integer({ min: -32768, max: 32767 }),
      s32Le: fc.integer(),
      s64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      uint: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      sint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      text,
      raw: bytes,
      mac,
      ip: fc.constantFrom('192.0.2.1', '2001:db8::1', '::', '0x0102030405'),
      on: fc.constant(true),
      colour: fc.constantFrom('red', 'blue', 55),
      bits: fc.nat(2 ** 32 - 1),
      enumBits: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      field: fc.record({ value: fc.nat(), selector: fc.nat() }),
      struct,
      array: fc.array(fc.nat(), { maxLength: 5 }),
      multi: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
      nests: fc.array(small, { maxLength: 3 }),
      numbers: fc.array(fc.nat(), { maxLength: 3 }),
      typed: fc.record({ row: fc.nat(999), column: fc.nat(999), a: fc.nat() }),
      stat: fc.record({ id: fc.nat(99), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
      self: fc.record({ u8: fc.nat(255), self: fc.record({ text }) }),
      uuid: fc.constant('00112233-4455-6677-8899-aabbccddeeff'),
      old: bytes,
      multiNest: fc.array(small, { minLength: 1, maxLength: 3 }),
      unknown: fc.constant([{ type: 99, bytes: Uint8Array.of(1, 2, 3) }]),
    },
    { requiredKeys: [] },
  )
  .chain((plain) =>
    fc.oneof(
      fc.constant(plain),
      data.map((sub) => ({ ...plain, ...sub })),
      // the data may stand before its selector
      data.map(({ kind, data: inner }) => ({ data: inner, ...plain, kind })),
      data.map(({ kind, data: inner }) => ({ deep: { deeper: { app: inner } }, ...plain, kind })),
    ),
  );

describe('what is encoded decodes to itself, in both engines and both byte orders', () => {
  it.each(['little', 'big'] as const)('%s-endian', (endian) => {
    fc.assert(
      fc.property(attrs, fc.integer(), (values, index) => {
        const { unknown, ...rest } = values as Record<string, unknown>;
        const sent = encode(values, { family: 7, index }, endian);
        const read = decode(compiled, sent, endian);
        expect(read).toStrictEqual(decode(interpreted, sent, endian));
        expect(read.header).toEqual({ family: 7, index });
        expect(read.attrs).toEqual(rest);
        expect(read.unknown).toEqual(unknown);
        expect(() => JSON.stringify(toJson(compiled.ops.get as Operation, read))).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });
});

describe('any bytes at all', () => {
  it('give the same from both engines, never anything out of range, and always end', () => {
    fc.assert(
      fc.property(
        attrs,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
        (values, damage) => {
          const sent = encode(values);
          for (const [at, byte] of damage) sent[16 + (at % Math.max(1, sent.length - 16))] = byte;
          const [one, two]: [DecodeError[], DecodeError[]] = [[], []];
          expect(decode(compiled, sent, 'little', one)).toStrictEqual(
            decode(interpreted, sent, 'little', two),
          );
          expect(one.map(String)).toEqual(two.map(String));
          for (const { offset } of one) expect(offset).toBeLessThanOrEqual(sent.length);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('where a fault is', () => {
  const faultIn = (attrsHex: string): DecodeError[] => {
    const body = hexBytes(`0000000000000000${attrsHex}`) as Uint8Array;
    const message = new Uint8Array(16 + body.length);
    message.set([message.length, 0, 0, 0, 16, 0, 0, 0]);
    message.set(body, 16);
    const problems: DecodeError[] = [];
    decode(compiled, message, 'little', problems);
    return problems;
  };
  it.each([
    ['a number of the wrong size', '07000300010203', 'VALUE_LENGTH', 24, 'u32'],
    ['a length below 4', '03000300', 'ATTRIBUTE_LENGTH', 24, 'u32'],
    ['a length beyond the nest', '0800178009000100', 'ATTRIBUTE_LENGTH', 28, 'self.u8'],
    [
      'in an item of an indexed array',
      '100018800c00018009000100aabbccdd',
      'ATTRIBUTE_LENGTH',
      32,
      'nests.1.a',
    ],
    ['in a level of a nest-type-value', '08001a8003000100', 'ATTRIBUTE_LENGTH', 28, 'typed'],
    ['an array that is no multiple', '0700150001020300', 'VALUE_LENGTH', 24, 'array'],
  ])('%s', (_, hex, code, offset, path) => {
    const [fault] = faultIn(hex);
    expect({ code: fault?.code, offset: fault?.offset }).toEqual({ code, offset });
    expect(fault?.path.startsWith(path)).toBe(true);
  });

  it('nests deeper than the limit are kept raw and reported', () => {
    let inner = Uint8Array.of(4, 0, 23, 0x80);
    for (let i = 0; i < 50; i++) {
      const outer = new Uint8Array(inner.length + 4);
      outer.set([outer.length & 255, outer.length >> 8, 23, 0x80]);
      outer.set(inner, 4);
      inner = outer;
    }
    const faults = faultIn(Buffer.from(inner).toString('hex'));
    expect(faults.map(({ code }) => code)).toEqual(['NESTING_DEPTH']);
  });
});

describe('structs of other kernels (K34)', () => {
  const withStruct = (payload: Uint8Array): DecodedMessage =>
    decode(compiled, encode({ struct: payload }), 'little');
  it('a longer one keeps its tail, and gives it back', () => {
    const long = new Uint8Array(50).fill(7);
    const { attrs: read } = withStruct(long);
    expect((read.struct as { tail: Uint8Array }).tail).toEqual(long.subarray(40));
    const again = decode(compiled, encode({ struct: read.struct }), 'little').attrs;
    expect((again.struct as { tail: Uint8Array }).tail).toEqual(long.subarray(40));
  });
  it('a shorter one says which members were there', () => {
    const { attrs: read } = withStruct(Uint8Array.of(255, 0, 1, 0, 2, 0));
    expect(read.struct).toEqual({ tiny: -1, colour: 'green' });
  });
});

describe('a fixed header that is short', () => {
  it('gives the members that were there (old tools send one byte)', () => {
    const message = Uint8Array.of(20, 0, 0, 0, 18, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0);
    expect(decode(compiled, message, 'little')).toMatchObject({
      op: 'get',
      header: { family: 10 },
    });
  });
});

describe('requests', () => {
  it('take flags as names, numbers as hex text, enum values as names', () => {
    const sent = encode({ bits: ['first', 'high'], u32: '0x10', colour: 'blue' });
    expect(decode(compiled, sent, 'little').attrs).toMatchObject({
      bits: 0x80000001,
      u32: 16,
      colour: 'blue',
    });
  });
  it('keep the limits of the tables', () => {
    expect(() => encode({ limited: 1 })).toThrow(/below the least/);
    expect(() => encode({ limited: 10 })).toThrow(/above the most/);
  });
  it('of an operation without attributes take none', () => {
    const run = () =>
      encodeRequest(compiled.ops.bare as Operation, { flags: 1, seq: 1, attrs: { a: 1 } });
    expect(run).toThrow(/takes no attributes/);
  });
});

describe('JSON', () => {
  it('names flags and keeps bits without a name, bigints stay exact', () => {
    const sent = encode({
      bits: 0x80000005,
      u64: 2n ** 60n,
      uint: 5n,
      raw: Uint8Array.of(1, 255),
      enumBits: 33n,
    });
    const { attrs: json } = toJson(compiled.ops.get as Operation, decode(compiled, sent, 'little'));
    expect(json).toEqual({
      bits: ['first', 'high', '0x4'],
      u64: '1152921504606846976',
      uint: 5,
      raw: '01ff',
      enumBits: ['zero', 'five'],
    });
  });
});
