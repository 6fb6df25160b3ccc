/** pcapng files by hand, field by field as draft-ietf-opsawg-pcapng lays them out. */
import { hexBytes } from '@lw/codec';
import { pcapngHeader, pcapngPacket, writePcapng } from '@lw/codec/pcap';
import { describe, expect, it } from 'vitest';
import { concat, layout, read } from './support/capture.ts';

const done = hexBytes('1400000003000200070000000000000000000000') as Uint8Array;

const section = `
  0a0d0d0a          # section header block
  1c000000          # 28 bytes
  4d3c2b1a          # byte-order magic: little-endian
  0100 0000         # version 1.0
  ffffffffffffffff  # the section's length is unknown
  1c000000
`;
const cooked = '0004 0338 00000000000000000000 0000';
const message = '14000000 0300 0200 07000000 00000000 00000000';

/** An interface description with the options given. */
function netlinkInterface(options = '', snaplen = '00000000'): string {
  return block('01000000', `fd00 0000 ${snaplen} ${options}`);
}

/** An enhanced packet of the interface, 36 bytes, at tick 0x00000001_00000002. */
function packet(interfaceId = '00000000'): string {
  return block(
    '06000000',
    `${interfaceId} 01000000 02000000 24000000 24000000 ${cooked} ${message}`,
  );
}

function block(type: string, body: string): string {
  const bytes = layout(body).length + 12;
  const length = bytes.toString(16).padStart(2, '0').padEnd(8, '0');
  return `${type} ${length} ${body} ${length}`;
}

const ticks = 0x1_0000_0002n;

describe('a pcapng file', () => {
  it('has a section header, an interface and enhanced packets', () => {
    const file = layout(`
      ${section}
      01000000        # interface description block
      20000000        # 32 bytes
      fd00 0000       # link type 253, reserved
      00000000        # no snaplen
      0900 0100       # if_tsresol, 1 byte
      09 000000       # 10^-9 seconds, padding
      0000 0000       # end of options
      20000000
      06000000        # enhanced packet block
      44000000        # 68 bytes
      00000000        # interface 0
      01000000        # time, high half
      02000000        # time, low half
      24000000        # 36 bytes captured
      24000000        # of 36
      0004            # outgoing
      0338            # ARPHRD_NETLINK
      00000000000000000000
      0000            # NETLINK_ROUTE
      14000000 0300 0200 07000000 00000000 00000000
      44000000
    `);
    const datagram = {
      timeNs: ticks,
      outgoing: true,
      protocol: 0,
      endian: 'little',
      bytes: done,
    } as const;
    expect(read(file)).toEqual({ datagrams: [datagram], skipped: [] });
    expect(concat(writePcapng([datagram]))).toEqual(file);
    expect(concat([pcapngHeader(), pcapngPacket(datagram)])).toEqual(file);
  });

  it.each([
    ['microseconds when nothing is said', '', ticks * 1000n],
    ['milliseconds', '0900 0100 03000000', ticks * 1_000_000n],
    ['picoseconds, rounded down', '0900 0100 0c000000', ticks / 1000n],
    ['2^-10 seconds', '0900 0100 8a000000', (ticks * 1_000_000_000n) / 1024n],
    ['10^-127 seconds', '0900 0100 7f000000', 0n],
    ['microseconds after -2 s', '0e00 0800 feffffffffffffff', ticks * 1000n - 2_000_000_000n],
    [
      'what stands behind an option of another kind',
      '0200 0500 6e6c6d6f6e000000 0900 0100 09000000',
      ticks,
    ],
    ['nothing behind the end of the options', '0000 0000 0900 0100 09000000', ticks * 1000n],
  ])('has times in %s', (_, options, timeNs) => {
    const { datagrams, fault } = read(layout(section + netlinkInterface(options) + packet()));
    expect(fault).toBeUndefined();
    expect(datagrams).toMatchObject([{ timeNs, bytes: done }]);
  });

  it('may be big-endian', () => {
    const file = layout(`
      0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c
      00000001 00000014 00fd 0000 00000000 00000014
      00000006 00000044 00000000 00000001 00000002 00000024 00000024
      ${cooked} 00000014 0003 0002 00000007 00000000 00000000
      00000044
    `);
    expect(read(file).datagrams).toMatchObject([{ timeNs: ticks * 1000n, endian: 'big' }]);
  });

  it('may have simple packets, which have no time and are cut at the snaplen', () => {
    const whole = block('03000000', `24000000 ${cooked} ${message}`);
    const cut = block('03000000', `24000000 ${cooked} 14000000`);
    expect(read(layout(section + netlinkInterface() + whole)).datagrams).toMatchObject([
      { timeNs: 0n, bytes: done },
    ]);
    expect(read(layout(section + netlinkInterface('', '14000000') + cut)).datagrams).toMatchObject([
      { bytes: done.subarray(0, 4), truncatedFrom: 20 },
    ]);
  });

  it('may have obsolete packets, whose interface has 16 bits', () => {
    const obsolete = packet('0000 ffff').replace('06000000', '02000000');
    expect(read(layout(section + netlinkInterface() + obsolete)).datagrams).toHaveLength(1);
  });

  it('may have blocks of any other kind, and options behind a packet', () => {
    const statistics = block('05000000', '00000000 00000000 00000000');
    const custom = block('ad0b0080', '12345678 deadbeef');
    const flags = '0200 0400 02000000 0000 0000';
    const body = `00000000 01000000 02000000 24000000 24000000 ${cooked} ${message} ${flags}`;
    const file = section + custom + netlinkInterface() + statistics + block('06000000', body);
    expect(read(layout(file)).datagrams).toMatchObject([{ bytes: done }]);
  });

  it('has interfaces of several link types; packets of the others are skipped and reported', () => {
    const ethernet = netlinkInterface().replace('fd00', '0100');
    const file = section + ethernet + netlinkInterface() + packet() + packet('01000000');
    const { datagrams, skipped } = read(layout(file));
    expect(datagrams).toHaveLength(1);
    expect(skipped).toEqual([{ offset: 68, linkType: 1 }]);
  });

  it('may have several sections, each with interfaces of its own', () => {
    const one = section + netlinkInterface('0900 0100 09000000') + packet();
    const two = section + netlinkInterface() + packet();
    expect(read(layout(one + two)).datagrams.map(({ timeNs }) => timeNs)).toEqual([
      ticks,
      ticks * 1000n,
    ]);
  });
});

describe('a pcapng file that is wrong gives what stands before the fault', () => {
  const start = section + netlinkInterface() + packet(); // 28 + 20 + 68 bytes
  const at = 116;

  it.each([
    ['half a block', '06000000 44000000 00000000', { code: 'TRUNCATED', offset: at }],
    ['4 bytes', '06000000', { code: 'TRUNCATED', offset: at }],
    ['4 GiB that are not there', '06000000 fcffffff 00000000', { code: 'TRUNCATED', offset: at }],
    [
      'a block of no length',
      '06000000 00000000 00000000',
      { code: 'BLOCK_LENGTH', offset: at + 4 },
    ],
    ['an odd length', '06000000 0d000000 00000000 00', { code: 'BLOCK_LENGTH', offset: at + 4 }],
    [
      'another length at the end',
      '05000000 0c000000 10000000',
      { code: 'BLOCK_LENGTH', offset: at + 8 },
    ],
    [
      'a packet without its fields',
      block('06000000', '00000000'),
      { code: 'BLOCK_LENGTH', offset: at + 4 },
    ],
    ['no such interface', packet('01000000'), { code: 'INTERFACE', offset: at }],
    [
      'more captured than its block has',
      block('06000000', `00000000 01000000 02000000 25000000 25000000 ${cooked} ${message}`),
      { code: 'PACKET_LENGTH', offset: at },
    ],
    [
      'a simple packet the same',
      block('03000000', 'ffffffff'),
      { code: 'PACKET_LENGTH', offset: at },
    ],
    [
      'an option that is too long',
      netlinkInterface('0200 ffff'),
      { code: 'OPTION_LENGTH', offset: at + 16 },
    ],
    [
      'an if_tsresol of 2 bytes',
      netlinkInterface('0900 0200 09000000'),
      { code: 'OPTION_LENGTH', offset: at + 20 },
    ],
    [
      'a section without byte order',
      section.replace('4d3c2b1a', '00000000'),
      { code: 'FORMAT', offset: at + 8 },
    ],
    [
      'a section of a later version',
      section.replace('0100 0000', '0200 0000'),
      { code: 'VERSION', offset: at + 12 },
    ],
    [
      'a section that forgets the interfaces',
      section + packet(),
      { code: 'INTERFACE', offset: at + 28 },
    ],
  ])('%s', (_, rest, fault) => {
    const reading = read(layout(start + rest));
    expect(reading.fault).toEqual(fault);
    expect(reading.datagrams).toHaveLength(1);
  });

  it('more interfaces than any machine has', () => {
    const one = layout(netlinkInterface());
    const many = new Uint8Array(28 + 65_537 * one.length);
    many.set(layout(section));
    for (let offset = 28; offset < many.length; offset += one.length) many.set(one, offset);
    expect(read(many).fault).toEqual({ code: 'INTERFACE', offset: 28 + 65_536 * one.length });
  });
});

describe('what is written as pcapng', () => {
  const datagram = {
    timeNs: 0n,
    outgoing: false,
    protocol: 0,
    endian: 'little',
    bytes: done,
  } as const;

  it('is a section without packets when there are no datagrams', () => {
    expect(concat(writePcapng([]))).toEqual(pcapngHeader());
  });

  it.each([
    [{ timeNs: -1n }, 'timeNs'],
    [{ timeNs: 1n << 64n }, 'timeNs'],
    [{ protocol: -1 }, 'protocol'],
    [{ truncatedFrom: 0x1_0000_0000 }, 'truncatedFrom'],
  ])('cannot hold %o', (wrong, path) => {
    expect(() => pcapngPacket({ ...datagram, ...wrong })).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE', path }),
    );
  });
});
