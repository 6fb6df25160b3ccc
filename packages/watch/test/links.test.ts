import { snapshotOf } from '@lw/watch';
import { describe, expect, it } from 'vitest';
import { kinds, liveMachine } from './support/machine.ts';
import { delLink, newAddress, newLink, up, upFlags } from './support/messages.ts';

describe('a message about a link', () => {
  it('that changes nothing we know is no event (K10)', () => {
    const machine = liveMachine(newLink({ ifindex: 1 }));
    const same = newLink({
      ifindex: 1,
      attrs: { carrierChanges: 9, event: 3, stats64: { rxPackets: 5n } },
    });
    expect(machine.message(same)).toEqual([]);
  });

  it('gives each field that differs, old and new', () => {
    const machine = liveMachine(newLink({ ifindex: 1 }));
    const [event, ...rest] = machine.message(
      newLink({ ifindex: 1, attrs: { mtu: 9000, ifalias: 'x' } }),
    );
    expect(rest).toEqual([]);
    expect(event).toMatchObject({
      kind: 'link-changed',
      reason: 'change',
      from: 'up',
      to: 'up',
      changes: { mtu: [1500, 9000], alias: [undefined, 'x'] },
    });
  });

  it('may be a rename, a change and a transition at once, told in that order', () => {
    const machine = liveMachine(newLink({ ifindex: 1 }));
    const events = machine.message(
      newLink({ ifindex: 1, ifname: 'new', flags: up, operstate: 2, attrs: { mtu: 9000 } }),
    );
    expect(events).toMatchObject([
      {
        kind: 'link-renamed',
        ifname: 'new',
        from: 'up',
        to: 'up',
        changes: { ifname: ['v1', 'new'] },
      },
      { kind: 'link-changed', from: 'up', to: 'up' },
      {
        kind: 'link-down',
        from: 'up',
        to: 'down',
        reason: 'carrier',
        changes: { kernel: ['up', 'down'] },
      },
    ]);
  });

  it.each([
    ['admin', 0, 2, 'admin-down'],
    ['carrier', up, 2, 'down'],
    ['lower', up, 3, 'lower-layer-down'],
  ])('says %s as the reason of a link-down', (reason, flags, operstate, to) => {
    const machine = liveMachine(newLink({ ifindex: 1 }));
    const [event] = machine.message(newLink({ ifindex: 1, flags, operstate }));
    expect(event).toMatchObject({ kind: 'link-down', reason, to });
  });

  it('between two states that are not up is a change, not a transition', () => {
    const machine = liveMachine(newLink({ ifindex: 1, flags: 0, operstate: 2 }));
    const [event] = machine.message(newLink({ ifindex: 1, flags: up, operstate: 2 }));
    expect(event).toMatchObject({
      kind: 'link-changed',
      reason: 'admin',
      changes: { kernel: ['admin-down', 'down'] },
    });
  });

  it('that is full clears what it lacks: a port without IFLA_MASTER has none', () => {
    const machine = liveMachine(
      newLink({ ifindex: 1, attrs: { master: 7, propList: { altIfname: ['alt'] } } }),
    );
    const [event] = machine.message(newLink({ ifindex: 1 }));
    expect(event).toMatchObject({ changes: { master: [7, undefined], altnames: [['alt'], []] } });
  });

  it('that is a part is merged by presence (K9)', () => {
    const machine = liveMachine(newLink({ ifindex: 1, attrs: { master: 7 } }));
    const partial = {
      ...newLink({ ifindex: 1 }),
      attrs: { ifname: 'v1', wireless: new Uint8Array(4) },
    };
    expect(machine.message(partial)).toEqual([]);
    expect(snapshotOf(machine.state)[0]).toMatchObject({ master: 7, mtu: 1500, kernel: 'up' });
  });

  it('of family AF_BRIDGE neither adds nor removes a device (K6)', () => {
    const machine = liveMachine(newLink({ ifindex: 1 }));
    expect(machine.message(delLink(1, {}, 7))).toEqual([]);
    expect(machine.message(newLink({ ifindex: 2, family: 7 }))).toEqual([]);
    expect(snapshotOf(machine.state)).toHaveLength(1);
  });
});

describe('links that come and go', () => {
  it('an index that is reused is another generation (K7)', () => {
    const machine = liveMachine(newLink({ ifindex: 5 }));
    const [removed] = machine.message(delLink(5));
    const [added] = machine.message(newLink({ ifindex: 5 }));
    expect(removed).toMatchObject({
      kind: 'link-removed',
      generation: 1,
      from: 'up',
      to: 'absent',
    });
    expect(added).toMatchObject({
      kind: 'link-added',
      generation: 2,
      from: 'absent',
      reason: 'created',
    });
  });

  it('a move to another namespace says where (K7)', () => {
    const machine = liveMachine(newLink({ ifindex: 5 }));
    const [event] = machine.message(delLink(5, { newNetnsid: 3, newIfindex: 2 }));
    expect(event).toMatchObject({
      kind: 'link-moved',
      newNsid: 3,
      newIfindex: 2,
      reason: 'namespace',
    });
    expect(snapshotOf(machine.state)).toEqual([]);
  });

  it('links of other namespaces are kept apart by namespace id (K33)', () => {
    const machine = liveMachine(newLink({ ifindex: 5 }));
    machine.message(newLink({ ifindex: 5, ifname: 'other' }), 4);
    machine.message(delLink(5));
    expect(snapshotOf(machine.state)).toMatchObject([{ nsid: 4, ifname: 'other' }]);
  });
});

describe('flaps that no message showed (K1)', () => {
  const counts = (ups: number, downs: number, flags: number = upFlags, operstate = 6) =>
    newLink({
      ifindex: 1,
      flags,
      operstate,
      attrs: { carrierUpCount: ups, carrierDownCount: downs },
    });
  it.each([
    ['four losses behind an unchanged state', counts(2, 1), counts(6, 5), ['link-flapped'], 4],
    [
      'a loss that the states show is not hidden',
      counts(2, 1),
      counts(2, 2, up, 2),
      ['link-down'],
      0,
    ],
    [
      'one more than the states show',
      counts(2, 1),
      counts(3, 3, up, 2),
      ['link-down', 'link-flapped'],
      1,
    ],
    [
      'up and gone again while it was down',
      counts(2, 2, up, 2),
      counts(3, 3, up, 2),
      ['link-flapped'],
      1,
    ],
    ['a counter that was reset is no flap', counts(9, 9), counts(1, 0), [], 0],
  ])('%s', (_, before, after, expected, hidden) => {
    const events = liveMachine(before).message(after);
    expect(kinds(events)).toEqual(expected);
    if (hidden > 0) expect(events.at(-1)).toMatchObject({ hidden });
  });
});

describe('addresses', () => {
  const live = () => liveMachine(newLink({ ifindex: 1 }));
  it('raise and lower the level of their link', () => {
    const machine = live();
    const [added] = machine.message(newAddress({ ifindex: 1, address: '192.0.2.1' }));
    expect(added).toMatchObject({
      kind: 'address-added',
      reason: 'address',
      changes: { level: ['carrier', 'routable'] },
    });
    const [removed] = machine.message(newAddress({ ifindex: 1, address: '192.0.2.1' }, 'deladdr'));
    expect(removed).toMatchObject({
      kind: 'address-removed',
      changes: { level: ['routable', 'carrier'] },
    });
  });

  it('do not count while they are tentative (K16)', () => {
    const machine = live();
    machine.message(newAddress({ ifindex: 1, address: '2001:db8::1', flags: 0xc0 }));
    expect(snapshotOf(machine.state)[0]?.level).toBe('carrier');
    const [usable] = machine.message(
      newAddress({ ifindex: 1, address: '2001:db8::1', flags: 0x80 }),
    );
    expect(usable).toMatchObject({
      kind: 'address-changed',
      changes: { flags: [0xc0, 0x80], level: ['carrier', 'routable'] },
    });
  });

  it('that only live longer are no event: every router advertisement says so', () => {
    const machine = live();
    const lifetimes = (seconds: number) =>
      newAddress({
        ifindex: 1,
        address: '2001:db8::1',
        flags: 0,
        attrs: { cacheinfo: { ifaValid: seconds, ifaPrefered: seconds } },
      });
    machine.message(lifetimes(100));
    expect(machine.message(lifetimes(200))).toEqual([]);
    expect(snapshotOf(machine.state)[0]?.addresses[0]?.validSeconds).toBe(200);
  });

  it('are keyed as the kernel keys them: IPv4 by prefix and peer too', () => {
    const machine = live();
    machine.message(newAddress({ ifindex: 1, address: '192.0.2.1' }));
    const peer = newAddress({
      ifindex: 1,
      address: '192.0.2.1',
      attrs: { local: '192.0.2.1', address: '192.0.2.9' },
    });
    expect(kinds(machine.message(peer))).toEqual(['address-added']);
    expect(snapshotOf(machine.state)[0]?.addresses).toMatchObject([
      { peer: undefined },
      { peer: '192.0.2.9' },
    ]);
  });

  it('go with their link', () => {
    const machine = live();
    machine.message(newAddress({ ifindex: 1, address: '192.0.2.1' }));
    machine.message(delLink(1));
    machine.message(newLink({ ifindex: 1 }));
    expect(snapshotOf(machine.state)[0]?.addresses).toEqual([]);
  });

  it('that came before their link are found when it comes', () => {
    const machine = live();
    expect(machine.message(newAddress({ ifindex: 2, address: '192.0.2.1' }))).toEqual([]);
    const [added] = machine.message(newLink({ ifindex: 2 }));
    expect(added).toMatchObject({ kind: 'link-added', link: { level: 'routable' } });
  });
});
