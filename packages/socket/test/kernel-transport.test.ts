import { nlctrl } from '@lw/codec/families/nlctrl';
import { rtLink } from '@lw/codec/families/rt-link';
import { describe, expect, test } from 'vitest';
import { NetlinkClient } from '../src/client.js';
import { openKernelTransport } from '../src/kernel-transport.js';

// #define GENL_ID_CTRL NLMSG_MIN_TYPE
const GENL_ID_CTRL = 0x10;
const { getlink } = rtLink.ops;
const lo = { header: { ifiIndex: 1 } };

describe.skipIf(process.platform !== 'linux')('the kernel transport', () => {
  test('grows after a cut datagram, so that asking again succeeds (K26)', async () => {
    const client = new NetlinkClient({
      openTransport: (options) =>
        openKernelTransport({ ...options, receiveBytes: 64, slabBytes: 256, allowCuts: true }),
    });
    await expect(client.do(getlink, lo)).rejects.toMatchObject({ code: 'TRUNCATED' });
    expect(await client.do(getlink, lo)).toHaveLength(1);
    expect(client.stats.truncated).toBe(1);
    await client.close();
  });

  test('a dump that is cut is read again until it is whole (K26)', async () => {
    const client = new NetlinkClient({
      openTransport: (options) =>
        openKernelTransport({ ...options, receiveBytes: 64, slabBytes: 256, allowCuts: true }),
    });
    const { messages, attempts, interrupted } = await client.dump(getlink).collect();
    expect(messages.some((message) => message.attrs.ifname === 'lo')).toBe(true);
    expect(attempts).toBeGreaterThan(1);
    expect(interrupted).toBe(false);
    await client.close();
  });

  test('offers 32 KiB whatever it is asked for, unless cuts are allowed (K26)', async () => {
    const sizes = [{}, { allowCuts: true }].map((cuts) => {
      const transport = openKernelTransport({ receiveBytes: 100, slabBytes: 100, ...cuts });
      let length = 0;
      transport.start({
        receive: ({ slab }) => {
          length = slab.length;
        },
        failed: () => {},
      });
      transport.send(unknownRequest());
      transport.close();
      return length;
    });
    expect(sizes).toEqual([32_768, 104]); // a multiple of 8
  });

  for (const slabBytes of [100, 1001, 4097]) {
    test(`a slab of ${slabBytes} bytes, no multiple of 8, is not read beyond its end`, async () => {
      const client = new NetlinkClient({
        openTransport: (options) =>
          openKernelTransport({ ...options, receiveBytes: 100, slabBytes, allowCuts: true }),
      });
      const { messages } = await client.dump(getlink).collect();
      expect(messages.some((message) => message.attrs.ifname === 'lo')).toBe(true);
      await client.close();
    });
  }

  test('buffer lengths that are no positive integers are refused', () => {
    for (const bytes of [0, -1, 100.5, Number.NaN, 2 ** 32]) {
      for (const name of ['receiveBytes', 'slabBytes']) {
        expect(() => openKernelTransport({ [name]: bytes })).toThrow(
          expect.objectContaining({ code: 'BAD_OPTION' }),
        );
      }
    }
  });

  test('a sink that transfers the slab away gets a new one', async () => {
    const transport = openKernelTransport();
    const sizes: number[] = [];
    transport.start({
      receive: ({ slab }) => {
        sizes.push(slab.length);
        structuredClone(slab, { transfer: [slab.buffer as ArrayBuffer] });
      },
      failed: (error) => {
        throw error;
      },
    });
    for (let n = 0; n < 3; n++) transport.send(unknownRequest());
    expect(sizes).toEqual([262_144, 262_144, 262_144]);
    transport.close();
  });

  test('each protocol has a socket of its own: generic netlink beside rtnetlink', async () => {
    const client = new NetlinkClient();
    const attrs = { familyName: 'nlctrl' };
    const [[link], [family]] = await Promise.all([
      client.do(getlink, lo),
      client.do(nlctrl.ops.getfamily, { type: GENL_ID_CTRL, attrs }),
    ]);
    expect(link?.attrs.ifname).toBe('lo');
    expect(family?.attrs).toMatchObject({ familyName: 'nlctrl', familyId: GENL_ID_CTRL });
    await client.close();
  });

  test('a protocol that does not exist says what was attempted and what to try', () => {
    expect(() => openKernelTransport({ protocol: 31 })).toThrow(
      /^open a netlink socket of protocol 31: .*\(EPROTONOSUPPORT in socket\); this kernel has no/,
    );
  });

  test('a group that does not exist is refused with its number', () => {
    expect(() => openKernelTransport({ groups: [100_000] })).toThrow(/join netlink group 100000: /);
  });

  test('reports the buffer that was granted, in the accounting of the kernel (K27)', () => {
    const transport = openKernelTransport({ rcvbufBytes: 65_536 });
    expect(transport.stats.rcvbufBytes).toBe(131_072);
    transport.close();
  });

  test('a buffer size that would wrap in the kernel is refused, and says what to ask for', () => {
    for (const rcvbufBytes of [3e9, -1, 0, Number.NaN, 2 ** 32 + 4096, 4096.5, 2 ** 30 + 1]) {
      expect(() => openKernelTransport({ rcvbufBytes })).toThrow(
        expect.objectContaining({ name: 'SocketError', code: 'BAD_OPTION' }),
      );
    }
    expect(() => openKernelTransport({ rcvbufBytes: -1 })).toThrow(
      'rcvbufBytes is -1, which is no integer from 1 to 1073741824; leave it out for 4 MiB',
    );
    openKernelTransport({ rcvbufBytes: 2 ** 30 }).close();
  });

  test('a group number that would wrap in the kernel joins nothing', () => {
    for (const group of [2 ** 32 + 1, -1, 1.5, Number.NaN]) {
      expect(() => openKernelTransport({ groups: [group] })).toThrow(
        expect.objectContaining({ code: 'BAD_OPTION' }),
      );
    }
  });

  test('two sockets of a process have port ids of their own (K30)', () => {
    const [first, second] = [openKernelTransport(), openKernelTransport()];
    expect(first.portId).not.toBe(second.portId);
    first.close();
    second.close();
  });
});

/** An NLMSG_NOOP with NLM_F_ACK: acknowledged and nothing else. */
function unknownRequest(): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 16, true);
  view.setUint16(4, 1, true);
  view.setUint16(6, 0x5, true);
  return bytes;
}
