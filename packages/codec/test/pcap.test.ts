/** pcap files by hand, field by field as draft-ietf-opsawg-pcap lays them out. */
import { hexBytes } from '@lw/codec';
import { pcapHeader, pcapPacket, writePcap } from '@lw/codec/pcap';
import { describe, expect, it } from 'vitest';
import { concat, layout, read } from './support/capture.ts';

const done = hexBytes('1400000003000200070000000000000000000000') as Uint8Array;
const doneBig = hexBytes('0000001400030002000000070000000000000000') as Uint8Array;

const headerUs = `
  d4c3b2a1   # magic, microseconds, little-endian
  0200 0400  # version 2.4
  00000000   # reserved
  00000000   # reserved
  00000400   # snaplen 262144
  fd000000   # link type 253
`;
const cookedOut = '0004 0338 00000000000000000000 0000';
const cookedIn = '0000 0338 00000000000000000000 0010';
const recordUs = `
  02000000   # 2 seconds
  03000000   # 3 microseconds
  24000000   # 36 bytes captured
  24000000   # of 36
  ${cookedOut}
  14000000 0300 0200 07000000 00000000 00000000
`;

describe('a pcap file', () => {
  it('has times in microseconds under its old magic number', () => {
    expect(read(layout(headerUs + recordUs))).toEqual({
      datagrams: [
        { timeNs: 2_000_003_000n, outgoing: true, protocol: 0, endian: 'little', bytes: done },
      ],
      skipped: [],
    });
  });

  it('has times in nanoseconds under the other one, and may be big-endian', () => {
    const { datagrams } = read(
      layout(`
        a1b23c4d   # magic, nanoseconds, big-endian
        0002 0004 00000000 00000000 00040000
        000000fd
        ffffffff   # in 2106
        3b9ac9ff   # 999,999,999 ns
        00000024 00000024
        ${cookedIn}
        00000014 0003 0002 00000007 00000000 00000000
      `),
    );
    expect(datagrams).toEqual([
      {
        timeNs: 4_294_967_295_999_999_999n,
        outgoing: false,
        protocol: 16,
        endian: 'big',
        bytes: doneBig,
      },
    ]);
  });

  it('may have cut a packet down, and says how long it was', () => {
    const { datagrams } = read(
      layout(`${headerUs} 00000000 00000000 14000000 24000000 ${cookedOut} 14000000`),
    );
    expect(datagrams[0]).toMatchObject({ bytes: done.subarray(0, 4), truncatedFrom: 20 });
  });

  it.each([
    ['0000', false],
    ['0004', true],
    ['0006', false],
    ['0007', true],
  ])('with packet type %s goes to the kernel: %s', (type, outgoing) => {
    const cooked = `${type} 0338 00000000000000000000 0000`;
    const { datagrams } = read(
      layout(`${headerUs} ${'00000000'.repeat(2)} 10000000 10000000 ${cooked}`),
    );
    expect(datagrams[0]).toMatchObject({ outgoing, bytes: new Uint8Array(0) });
  });

  it('that a little-endian machine saved anew keeps the messages of a big-endian one', () => {
    const message = '00000014 0003 0002 00000007 00000000 00000000';
    const record = `00000000 00000000 24000000 24000000 ${cookedIn} ${message}`;
    const { datagrams } = read(layout(headerUs + record));
    expect(datagrams).toMatchObject([{ protocol: 16, endian: 'big', bytes: doneBig }]);
  });

  it('of another link type has its packets skipped and reported', () => {
    const ethernet = headerUs.replace('fd000000', '01000000');
    expect(read(layout(ethernet + recordUs + recordUs))).toEqual({
      datagrams: [],
      skipped: [
        { offset: 24, linkType: 1 },
        { offset: 76, linkType: 1 },
      ],
    });
  });

  it('of all devices at once (LINUX_SLL) has netlink among other packets', () => {
    const any = headerUs.replace('fd000000', '71000000');
    const loopback = recordUs.replace('0004 0338', '0004 0304');
    const { datagrams, skipped } = read(layout(any + loopback + recordUs));
    expect(datagrams).toMatchObject([{ protocol: 0, bytes: done }]);
    expect(skipped).toEqual([{ offset: 24, linkType: 113 }]);
  });

  it('may say the length of a check sequence above its link type', () => {
    const { datagrams } = read(layout(headerUs.replace('fd000000', 'fd000024') + recordUs));
    expect(datagrams).toHaveLength(1);
  });
});

describe('a pcap file that is wrong gives what stands before the fault', () => {
  const whole = layout(headerUs + recordUs + recordUs);

  it.each([
    ['nothing', 0, 0, { code: 'TRUNCATED', offset: 0 }],
    ['half a header', 20, 0, { code: 'TRUNCATED', offset: 0 }],
    ['half a packet header', 80, 1, { code: 'TRUNCATED', offset: 76 }],
    ['half a packet', 100, 1, { code: 'TRUNCATED', offset: 92 }],
  ])('%s', (_, length, count, fault) => {
    const reading = read(whole.subarray(0, length));
    expect(reading.fault).toEqual(fault);
    expect(reading.datagrams).toHaveLength(count);
  });

  it.each([
    ['another format', 'ff000000', 'd4c3b2a1', { code: 'FORMAT', offset: 0 }],
    ['another version', '0300 0400', '0200 0400', { code: 'VERSION', offset: 4 }],
    ['4 GiB that are not there', 'ffffffff', '24000000', { code: 'TRUNCATED', offset: 40 }],
    ['no whole cooked header', '0f000000', '24000000', { code: 'COOKED_HEADER', offset: 24 }],
  ])('%s', (_, wrong, right, fault) => {
    expect(read(layout((headerUs + recordUs).replace(right, wrong))).fault).toEqual(fault);
  });
});

describe('what is written as pcap', () => {
  const datagram = {
    timeNs: 2_000_000_003n,
    outgoing: true,
    protocol: 0,
    endian: 'little',
    bytes: done,
  } as const;

  it('is a header with nanoseconds and a record', () => {
    const expected = layout(
      (headerUs + recordUs).replace('d4c3b2a1', '4d3cb2a1'), // the 3 microseconds are 3 ns now
    );
    expect(concat(writePcap([datagram]))).toEqual(expected);
    expect(concat([pcapHeader('little'), pcapPacket(datagram)])).toEqual(expected);
  });

  it('is a header alone when there are no datagrams', () => {
    expect(read(concat(writePcap([])))).toEqual({ datagrams: [], skipped: [] });
  });

  it.each([
    [{ timeNs: -1n }, 'timeNs'],
    [{ timeNs: 4_294_967_296_000_000_000n }, 'timeNs'],
    [{ protocol: 65_536 }, 'protocol'],
    [{ truncatedFrom: 19 }, 'truncatedFrom'],
  ])('cannot hold %o', (wrong, path) => {
    expect(() => pcapPacket({ ...datagram, ...wrong })).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE', path }),
    );
  });

  it('has one byte order', () => {
    const mixed = [datagram, { ...datagram, endian: 'big', bytes: doneBig } as const];
    expect(() => concat(writePcap(mixed))).toThrow('one byte order, little here');
  });
});
