import {
  AF_NETLINK,
  DecodeError,
  decodeSockaddrNl,
  encodeSockaddrNl,
  ipv4Bytes,
  ipv6Bytes,
  macBytes,
  NLMSG_HDRLEN,
  nlaAlign,
  nlaLength,
  nlaNext,
  nlaOk,
  nlaPayload,
  nlaSpace,
  nlaType,
  nlmsgAlign,
  nlmsgData,
  nlmsgLength,
  nlmsgNext,
  nlmsgOk,
  nlmsgPayload,
  nlmsgSpace,
  readIpv6,
  readText,
  rtaLength,
  rtaOk,
  rtaPayload,
  rtaSpace,
  splitMessages,
  textBytes,
} from '@lw/codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const view = (...bytes: number[]): DataView => new DataView(Uint8Array.from(bytes).buffer);

describe('the NLMSG_* macros', () => {
  it('align to 4 and count the 16 bytes of header', () => {
    expect([0, 1, 4, 5].map(nlmsgAlign)).toEqual([0, 4, 4, 8]);
    expect([nlmsgLength(1), nlmsgSpace(1), nlmsgData(8), NLMSG_HDRLEN]).toEqual([17, 20, 24, 16]);
  });

  it('NLMSG_OK wants a whole header and a length within what is left', () => {
    const header = (length: number): DataView => view(length, 0, 0, 0, ...new Array(16).fill(0));
    expect(nlmsgOk(header(16), 0, 16)).toBe(true);
    expect(nlmsgOk(header(15), 0, 20)).toBe(false);
    expect(nlmsgOk(header(20), 0, 16)).toBe(false);
    expect(nlmsgOk(header(16), 0, 15)).toBe(false);
    expect(nlmsgOk(header(16), 8, 16)).toBe(false);
  });

  it('NLMSG_NEXT steps over padding, NLMSG_PAYLOAD over the family header', () => {
    const message = view(33, 0, 0, 0, ...new Array(32).fill(0));
    expect(nlmsgNext(message, 0)).toBe(36);
    expect(nlmsgPayload(message, 0, 16)).toBe(1);
    expect(nlmsgNext(view(0, 0, 0, 17), 0, 'big')).toBe(20);
  });
});

describe('the NLA_* and RTA_* macros', () => {
  const attribute = view(5, 0, 3, 0x80, 7, 0, 0, 0);
  it('read header, payload length and type without its flag bits', () => {
    expect(nlaOk(attribute, 0, 8)).toBe(true);
    expect([nlaPayload(attribute, 0), nlaType(attribute, 0), nlaNext(attribute, 0)]).toEqual([
      1, 3, 8,
    ]);
    expect([rtaPayload(attribute, 0), rtaOk(attribute, 0, 4)]).toEqual([1, false]);
  });
  it('count header and padding', () => {
    expect([nlaLength(1), nlaSpace(1), nlaAlign(5), rtaLength(1), rtaSpace(1)]).toEqual([
      5, 8, 8, 5, 8,
    ]);
  });
});

describe('sockaddr_nl', () => {
  it('goes both ways in both byte orders', () => {
    for (const endian of ['little', 'big'] as const) {
      const bytes = encodeSockaddrNl({ portId: 0x01020304, groups: 0x80000001 }, endian);
      expect(decodeSockaddrNl(bytes, endian)).toEqual({
        family: AF_NETLINK,
        portId: 0x01020304,
        groups: 0x80000001,
      });
    }
    expect([...encodeSockaddrNl({ portId: 1 })]).toEqual([16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  });
  it('refuses what is short or of another family', () => {
    expect(() => decodeSockaddrNl(new Uint8Array(11))).toThrow(DecodeError);
    expect(() => decodeSockaddrNl(new Uint8Array(12))).toThrow(/not AF_NETLINK/);
  });
});

describe('splitting a datagram', () => {
  const message = (length: number, type: number): number[] => [
    length,
    0,
    0,
    0,
    type,
    0,
    2,
    0,
    9,
    0,
    0,
    0,
    7,
    0,
    0,
    0,
  ];
  it('yields each message with its place', () => {
    const datagram = Uint8Array.from([...message(16, 3), ...message(17, 16), 1]);
    const found = [...splitMessages(datagram)];
    expect(
      found.map(({ type, offset, length, flags, seq, portId }) => [
        type,
        offset,
        length,
        flags,
        seq,
        portId,
      ]),
    ).toEqual([
      [3, 0, 16, 2, 9, 7],
      [16, 16, 17, 2, 9, 7],
    ]);
    expect([...(found[1]?.bytes.subarray(16) ?? [])]).toEqual([1]);
  });
  it('yields the whole messages before a broken one, then throws where it stands', () => {
    const seen: number[] = [];
    const run = (): void => {
      for (const { offset } of splitMessages(
        Uint8Array.from([...message(16, 3), ...message(99, 3)]),
      ))
        seen.push(offset);
    };
    expect(run).toThrow(expect.objectContaining({ code: 'MESSAGE_LENGTH', offset: 16 }) as Error);
    expect(seen).toEqual([0]);
  });
});

describe('text', () => {
  it('ends at the first NUL', () => {
    expect(readText(Uint8Array.from([101, 116, 104, 0, 120]), 0, 5)).toBe('eth');
  });
  it('gives back every byte that is not UTF-8 (K36)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 255, min: 1 }), (bytes) => {
        expect([...textBytes(readText(bytes, 0, bytes.length))]).toEqual([...bytes]);
      }),
    );
  });
  it('reads what a TextDecoder reads', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const clean = text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '');
        const bytes = new TextEncoder().encode(clean);
        expect(readText(bytes, 0, bytes.length)).toBe(
          new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
        );
      }),
    );
  });
});

describe('addresses', () => {
  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::', '2001:db8::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['fe80:0:0:0:1:0:0:0', 'fe80::1:0:0:0'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:2:3:4:5:6:7.8.9.10', '1:2:3:4:5:6:708:90a'],
  ])('%s is written %s (RFC 5952)', (text, canonical) => {
    expect(readIpv6(ipv6Bytes(text) as Uint8Array, 0)).toBe(canonical);
  });
  it.each([
    '',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'g::',
    '1:2:3:4:5:6:7:8::',
    '::1.2.3',
    '12345::',
  ])('%j is no IPv6 address', (text) => {
    expect(ipv6Bytes(text)).toBeUndefined();
  });
  it.each(['', '1.2.3', '1.2.3.4.5', '256.0.0.1', '01.2.3.4', '1.2.3.x', ' 1.2.3.4'])(
    '%j is no IPv4 address',
    (text) => {
      expect(ipv4Bytes(text)).toBeUndefined();
    },
  );
  it('any 16 bytes go through text and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(ipv6Bytes(readIpv6(bytes, 0))).toEqual(bytes);
      }),
    );
  });
  it('link-layer addresses have any length', () => {
    expect(macBytes('02:00')).toEqual(Uint8Array.from([2, 0]));
    expect(macBytes('02-00-0a')).toEqual(Uint8Array.from([2, 0, 10]));
    expect(macBytes('2:0')).toBeUndefined();
  });
});
