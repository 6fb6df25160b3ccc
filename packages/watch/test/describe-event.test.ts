import type { DecodedMessage } from '@lw/codec';
import { describeEvent, escapeText, eventToJson, linkToJson, snapshotOf } from '@lw/watch';
import { describe, expect, it } from 'vitest';
import { liveMachine } from './support/machine.ts';
import { delLink, newAddress, newLink, up, upFlags } from './support/messages.ts';

describe('an event in words', () => {
  const lines = (...messages: readonly DecodedMessage[]): string[] => {
    const machine = liveMachine(newLink({ ifindex: 1 }));
    return messages.flatMap((message) => machine.message(message)).map(describeEvent);
  };
  it.each([
    [newLink({ ifindex: 1, attrs: { mtu: 9000 } }), ['v1 (1): mtu 1500 -> 9000']],
    [newLink({ ifindex: 1, ifname: 'wan' }), ['wan (1): renamed, was v1']],
    [
      newLink({ ifindex: 1, flags: up, operstate: 2 }),
      ['v1 (1): down (carrier), level carrier -> none'],
    ],
    [
      newLink({ ifindex: 1, flags: 0, operstate: 2 }),
      ['v1 (1): admin-down (admin), level carrier -> none'],
    ],
    [newLink({ ifindex: 1, attrs: { master: 4 } }), ['v1 (1): master none -> 4']],
    [
      newLink({ ifindex: 1, attrs: { carrierDownCount: 3 } }),
      ['v1 (1): flapped unseen, carrier lost 2 times'],
    ],
    [newLink({ ifindex: 1, flags: upFlags | 0x100 }), ['v1 (1): +promisc']],
    [
      newLink({ ifindex: 1, attrs: { address: '02:00:00:00:00:09' } }),
      ['v1 (1): mac 02:00:00:00:00:01 -> 02:00:00:00:00:09'],
    ],
    [newLink({ ifindex: 2 }), ['v2 (2): added, up']],
    [delLink(1), ['v1 (1): removed']],
    [delLink(1, { newNetnsid: 4 }), ['v1 (1): moved to namespace 4']],
    [
      newAddress({ ifindex: 1, address: '192.0.2.1' }),
      ['v1 (1): address 192.0.2.1/24 added, level carrier -> routable'],
    ],
  ])('is one line (%#)', (message, expected) => {
    expect(lines(message)).toEqual(expected);
  });

  it('says what holds an address up (K16)', () => {
    const machine = liveMachine(newLink({ ifindex: 1 }));
    const address = (flags: number) => newAddress({ ifindex: 1, address: '2001:db8::1', flags });
    const events = [0xc0, 0xc8].flatMap((flags) => machine.message(address(flags)));
    expect(events.map(describeEvent)).toEqual([
      'v1 (1): address 2001:db8::1/64 added, tentative',
      'v1 (1): address 2001:db8::1/64: +dadfailed (another host has this address)',
    ]);
  });

  it('says loss and repair', () => {
    const machine = liveMachine(newLink({ ifindex: 1 }));
    const overrun = machine.feed({ kind: 'overrun' });
    const events = [...overrun, ...machine.sync(newLink({ ifindex: 1, attrs: { mtu: 9000 } }))];
    expect(events.map(describeEvent)).toEqual([
      'overrun: the kernel dropped notifications',
      'reading links again',
      'v1 (1): mtu 1500 -> 9000 (found by reading again)',
      'in step again, 1 difference mended',
    ]);
  });
});

describe('names are data, never markup (K36)', () => {
  it.each([
    ['\u001b[31mx', '\\x1b[31mx'],
    ['a\nb\u0007', 'a\\x0ab\\x07'],
    ['\udcff\udc80', '\\xff\\x80'],
    ['a\u202eb', 'a\\u202eb'],
    ['\u009b31m', '\\x9b31m'],
    ['back\\slash', 'back\\\\slash'],
    ['grün-線', 'grün-線'],
    ['\ud83d\ude00', '\ud83d\ude00'],
    ['\u{e0041}', '\\u{e0041}'],
  ])('%j is shown as %j', (name, shown) => {
    expect(escapeText(name)).toBe(shown);
  });
});

describe('JSON', () => {
  it('of an event has null for what is not there, and exact numbers', () => {
    const machine = liveMachine(newLink({ ifindex: 1 }));
    const [event] = machine.message(newLink({ ifindex: 1, attrs: { ifalias: 'x' } }));
    const json = eventToJson(event as never);
    expect(json).toMatchObject({
      kind: 'link-changed',
      changes: { alias: [null, 'x'] },
      monotonicNs: 6,
    });
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json).not.toHaveProperty('nsid');
  });
  it('of a link leaves out what is unknown', () => {
    const machine = liveMachine(
      newLink({ ifindex: 1 }),
      newAddress({ ifindex: 1, address: '192.0.2.1' }),
    );
    const json = linkToJson(snapshotOf(machine.state)[0] as never);
    expect(json).toMatchObject({
      ifname: 'v1',
      kernel: 'up',
      addresses: [{ address: '192.0.2.1' }],
    });
    expect(json).not.toHaveProperty('master');
  });
});
