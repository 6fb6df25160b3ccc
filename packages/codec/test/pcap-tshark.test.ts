/** tshark reads what we write, and we read what it writes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRequest, hexBytes, NETLINK_GENERIC, NLM_F_MULTI } from '@lw/codec';
import { rtLink } from '@lw/codec/families/rt-link';
import { type CapturedDatagram, writePcap, writePcapng } from '@lw/codec/pcap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concat, read } from './support/capture.ts';

const tsharkMissing = spawnSync('tshark', ['--version']).status !== 0;
const reason = tsharkMissing ? ' [skipped: the program tshark is missing]' : '';
/** tshark takes a second to start, and several when the machine is busy. */
const timeoutMs = 60_000;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lw-pcap-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const links = concat(
  [
    { ifname: 'lo', mtu: 65_536 },
    { ifname: 'v1', mtu: 1500 },
  ].map((attrs, index) =>
    encodeRequest(rtLink.ops.newlink, {
      flags: NLM_F_MULTI,
      seq: 7,
      portId: 42,
      header: { ifiIndex: index + 1 },
      attrs,
    }),
  ),
);
const datagrams: readonly CapturedDatagram[] = [
  {
    timeNs: 1_700_000_000_123_456_789n,
    outgoing: false,
    protocol: 0,
    endian: 'little',
    bytes: links,
  },
  {
    timeNs: 1_700_000_001_000_000_000n,
    outgoing: true,
    protocol: NETLINK_GENERIC,
    endian: 'little',
    // A request for generic family 16 (the controller), command 3, version 2.
    bytes: hexBytes(
      '14000000 1000 0103 08000000 2b000000 03020000'.replaceAll(' ', ''),
    ) as Uint8Array,
  },
];
const bigEndian: CapturedDatagram = {
  timeNs: 1_700_000_002_000_000_001n,
  outgoing: false,
  protocol: 0,
  endian: 'big',
  bytes: hexBytes(
    '00000014 0003 0002 00000009 0000002c 00000000'.replaceAll(' ', ''),
  ) as Uint8Array,
};

const fields = [
  'frame.time_epoch',
  'netlink.family',
  'netlink.hdr_seq',
  'netlink.hdr_pid',
  'netlink-route.nltype',
  'netlink-route.ifi_index',
  'netlink-route.ifla_ifname',
  'netlink-route.ifla_mtu',
  '_ws.malformed',
  '_ws.expert.message',
];

describe(`tshark reads the captures that we write${reason}`, () => {
  const rows = [
    '1700000000.123456789|0x0000|7,7|42,42|16,16|1,2|lo,v1|65536,1500||',
    '1700000001.000000000|0x0010|8|43||||||',
  ];
  const done = '1700000002.000000001|0x0000|9|44||||||';

  it.skipIf(tsharkMissing).each([
    ['pcap', writePcap(datagrams), rows],
    ['pcapng', writePcapng(datagrams), rows],
    ['pcap, big-endian', writePcap([bigEndian]), [done]],
    [
      'pcapng with sections of both byte orders',
      writePcapng([...datagrams, bigEndian]),
      [...rows, done],
    ],
  ])(
    '%s',
    (_, pieces, expected) => {
      const file = join(folder, 'ours');
      writeFileSync(file, concat(pieces));
      const options = [
        '-T',
        'fields',
        '-E',
        'separator=|',
        ...fields.flatMap((name) => ['-e', name]),
      ];
      expect(
        tshark('-r', file, ...options)
          .trimEnd()
          .split('\n'),
      ).toEqual(expected);
    },
    timeoutMs,
  );
});

describe(`we read the captures that tshark writes${reason}`, () => {
  it.skipIf(tsharkMissing).each([
    ['pcap', 1000n],
    ['nsecpcap', 1n],
    ['pcapng', 1n],
  ])(
    'as %s',
    (format, unitNs) => {
      const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')];
      writeFileSync(ours, concat(writePcapng([...datagrams, bigEndian])));
      tshark('-r', ours, '-F', format, '-w', theirs);
      const expected = [...datagrams, bigEndian].map((datagram) => ({
        ...datagram,
        timeNs: (datagram.timeNs / unitNs) * unitNs,
      }));
      expect(read(readFileSync(theirs))).toEqual({ datagrams: expected, skipped: [] });
    },
    timeoutMs,
  );
});

function tshark(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('tshark', args, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stdout;
}
