import { type Endian, NLMSG_HDRLEN } from '@lw/codec';
import {
  type CapturedDatagram,
  pcapngHeader,
  pcapngPacket,
  writePcap,
  writePcapng,
} from '@lw/codec/pcap';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, layout, read } from './support/capture.ts';

const second = 1_000_000_000n;

/** Any datagram whose time fits: pcap has 32 bits of seconds, pcapng 64 bits of nanoseconds. */
function datagramUpTo(timeNs: bigint, endians: readonly Endian[]): fc.Arbitrary<CapturedDatagram> {
  return fc
    .record({
      timeNs: fc.bigInt({ min: 0n, max: timeNs }),
      outgoing: fc.boolean(),
      protocol: fc.nat(0xffff),
      endian: fc.constantFrom(...endians),
      payload: fc.uint8Array({ maxLength: 100 }),
      cutBytes: fc.option(fc.integer({ min: 1, max: 100_000 })),
    })
    .map(({ payload, cutBytes, ...rest }) => {
      const bytes = message(payload, rest.endian);
      const truncatedFrom = cutBytes === null ? undefined : bytes.length + cutBytes;
      return { ...rest, bytes, ...(truncatedFrom === undefined ? {} : { truncatedFrom }) };
    });
}

/** A message's length before any bytes: what shows the byte order. */
function message(payload: Uint8Array, endian: Endian): Uint8Array {
  const bytes = new Uint8Array(NLMSG_HDRLEN + payload.length);
  new DataView(bytes.buffer).setUint32(0, bytes.length, endian === 'little');
  bytes.set(payload, NLMSG_HDRLEN);
  return bytes;
}

const bothEndians = ['little', 'big'] as const;
const pcapDatagrams = fc
  .constantFrom(...bothEndians)
  .chain((endian) => fc.array(datagramUpTo(0x1_0000_0000n * second - 1n, [endian])));
const pcapngDatagrams = fc.array(datagramUpTo(0xffff_ffff_ffff_ffffn, bothEndians));
const littleDatagrams = fc.array(datagramUpTo(0xffff_ffff_ffff_ffffn, ['little']));

describe('datagrams come back as they were written', () => {
  it('in pcap, in both byte orders', () => {
    fc.assert(
      fc.property(pcapDatagrams, (datagrams) => {
        expect(read(concat(writePcap(datagrams)))).toEqual({ datagrams, skipped: [] });
      }),
    );
  });

  it('in pcapng, with both byte orders in one file', () => {
    fc.assert(
      fc.property(pcapngDatagrams, (datagrams) => {
        expect(read(concat(writePcapng(datagrams)))).toEqual({ datagrams, skipped: [] });
      }),
    );
  });

  it('from a view in the middle of a buffer', () => {
    fc.assert(
      fc.property(pcapngDatagrams, fc.nat(9), (datagrams, before) => {
        const file = concat([new Uint8Array(before), ...writePcapng(datagrams), new Uint8Array(3)]);
        expect(read(file.subarray(before, -3))).toEqual({ datagrams, skipped: [] });
      }),
    );
  });

  it('when a recorder that starts again appends a section to its file', () => {
    fc.assert(
      fc.property(pcapngDatagrams, pcapngDatagrams, (first, second) => {
        const file = concat([...writePcapng(first), ...writePcapng(second)]);
        expect(read(file).datagrams).toEqual([...first, ...second]);
      }),
    );
  });
});

const files = fc.oneof(
  pcapDatagrams.map((datagrams) => concat(writePcap(datagrams))),
  pcapngDatagrams.map((datagrams) => concat(writePcapng(datagrams))),
);

describe('a damaged file ends in a CaptureError or none', () => {
  it('with any bytes changed', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(files, damage, (file, changes) => {
        for (const [at, byte] of changes) file[at % file.length] = byte;
        expectSound(file);
      }),
      { numRuns: 2000 },
    );
  });

  it('with every 32-bit field an extreme', () => {
    const extreme = fc.constantFrom(0, 1, 11, 12, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff);
    fc.assert(
      fc.property(files, fc.nat(), extreme, fc.boolean(), (file, at, value, little) => {
        const words = Math.floor(file.length / 4);
        new DataView(file.buffer).setUint32((at % words) * 4, value, little);
        expectSound(file);
      }),
      { numRuns: 2000 },
    );
  });

  it('of bytes that never were a capture, behind each magic number', () => {
    const magic = fc.constantFrom(
      'd4c3b2a1',
      'a1b23c4d',
      '0a0d0d0a',
      '0a0d0d0a1c0000004d3c2b1a',
      '',
    );
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
        expectSound(concat([layout(start), rest]));
      }),
    );
  });

  it('cut anywhere, with every packet before the cut', () => {
    fc.assert(
      fc.property(littleDatagrams, fc.nat(), (datagrams, at) => {
        const file = concat([pcapngHeader(), ...datagrams.map(pcapngPacket)]);
        const cut = at % file.length;
        const { datagrams: found, fault } = read(file.subarray(0, cut));
        expect(found).toEqual(datagrams.slice(0, found.length));
        if (fault === undefined) return;
        expect(fault.code).toBe('TRUNCATED');
        expect(fault.offset).toBeLessThanOrEqual(cut);
      }),
    );
  });
});

/** `read` lets nothing but a CaptureError pass; each datagram took at least its record's bytes. */
function expectSound(file: Uint8Array): void {
  const { datagrams, skipped, fault } = read(file);
  expect(16 * (datagrams.length + skipped.length)).toBeLessThanOrEqual(file.length);
  const held = datagrams.reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(held).toBeLessThanOrEqual(file.length);
  if (fault === undefined) return;
  expect(fault.offset).toBeGreaterThanOrEqual(0);
  expect(fault.offset).toBeLessThanOrEqual(file.length);
}
