import { snapshotOf, type WatchEvent } from '@lw/watch';
import { describe, expect, it } from 'vitest';
import { kinds, liveMachine, Machine } from './support/machine.ts';
import { delAddress, delLink, newAddress, newLink } from './support/messages.ts';

const names = (machine: Machine): string[] => snapshotOf(machine.state).map(({ ifname }) => ifname);
const mtu = (value: number) => newLink({ ifindex: 1, attrs: { mtu: value } });
/** Another device than v1 under its index. */
const another = newLink({
  ifindex: 1,
  ifname: 'br0',
  attrs: { linkinfo: { kind: 'bridge' }, address: '02:ff:00:00:00:01' },
});

describe('the first look', () => {
  it('tells each link and its addresses, between sync-started and sync-ended', () => {
    const machine = liveMachine(
      newLink({ ifindex: 2 }),
      newLink({ ifindex: 1 }),
      newAddress({ ifindex: 2, address: '192.0.2.1' }),
    );
    expect(kinds(machine.events)).toEqual([
      'sync-started',
      'link-added',
      'link-added',
      'address-added',
      'sync-ended',
    ]);
    expect(machine.events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(machine.events[1]).toMatchObject({ ifname: 'v1', reason: 'initial', epoch: 'test' });
    expect(machine.events.at(-1)).toMatchObject({
      repairs: 0,
      interrupted: false,
      reason: 'initial',
    });
  });

  it('tells nothing before it is complete, and then the state with all that changed meanwhile', () => {
    const machine = new Machine();
    machine.feed({ kind: 'start' });
    machine.mark();
    machine.rows(mtu(1500));
    expect(machine.message(mtu(9000))).toEqual([]);
    expect(machine.message(newLink({ ifindex: 2 }))).toEqual([]);
    machine.dumpEnd();
    const events = machine.mark();
    expect(kinds(events)).toEqual(['link-added', 'link-added', 'sync-ended']);
    expect(events[0]).toMatchObject({ link: { mtu: 9000 } });
  });

  it('says when the tables changed while they were read (K20)', () => {
    const machine = new Machine();
    machine.feed({ kind: 'start' });
    machine.mark();
    machine.rows(mtu(1500));
    machine.dumpEnd(true);
    expect(machine.mark().at(-1)).toMatchObject({ kind: 'sync-ended', interrupted: true });
  });
});

describe('after an overrun (K18)', () => {
  const overrun = (machine: Machine): readonly WatchEvent[] => machine.feed({ kind: 'overrun' });

  it('it is told, older messages are applied, then the tables are read again', () => {
    const machine = liveMachine(mtu(1500));
    expect(kinds(overrun(machine))).toEqual(['overrun', 'sync-started']);
    expect(kinds(machine.message(mtu(1400)))).toEqual(['link-changed']);
    const events = machine.sync(mtu(9000), newLink({ ifindex: 2 }));
    expect(events).toMatchObject([
      { kind: 'link-changed', reason: 'resync', changes: { mtu: [1400, 9000] } },
      { kind: 'link-added', reason: 'resync' },
      { kind: 'sync-ended', repairs: 2, reason: 'resync' },
    ]);
  });

  it('what is not there any more is swept, link and address', () => {
    const machine = liveMachine(
      newLink({ ifindex: 1 }),
      newLink({ ifindex: 2 }),
      newAddress({ ifindex: 1, address: '192.0.2.1' }),
    );
    overrun(machine);
    const events = machine.sync(newLink({ ifindex: 1 }));
    expect(events).toMatchObject([
      { kind: 'link-removed', ifname: 'v2', reason: 'resync' },
      { kind: 'address-removed', reason: 'resync' },
      { kind: 'sync-ended', repairs: 2 },
    ]);
  });

  it('an index that now holds another device is a removal and an addition', () => {
    const machine = liveMachine(newLink({ ifindex: 1 }));
    overrun(machine);
    expect(kinds(machine.sync(another))).toEqual(['link-removed', 'link-added', 'sync-ended']);
  });

  it('a message for an index that another device took meanwhile does not rename the old one (K7)', () => {
    const machine = liveMachine(
      newLink({ ifindex: 1 }),
      newAddress({ ifindex: 1, address: '192.0.2.1' }),
    );
    overrun(machine);
    expect(machine.message(another)).toMatchObject([
      { kind: 'link-removed', ifname: 'v1', generation: 1, reason: 'resync' },
      { kind: 'link-added', ifname: 'br0', generation: 2 },
    ]);
    expect(snapshotOf(machine.state)[0]?.addresses).toEqual([]);
  });

  it("an address told before its device was known to be another one is the new one's (K7)", () => {
    const mine = newAddress({ ifindex: 1, address: '192.0.2.7' });
    const machine = liveMachine(
      newLink({ ifindex: 1 }),
      newAddress({ ifindex: 1, address: '192.0.2.1' }),
    );
    overrun(machine);
    machine.mark();
    machine.rows(another, mine);
    machine.message(mine);
    machine.dumpEnd();
    machine.mark();
    const [link] = snapshotOf(machine.state);
    expect(link?.addresses.map(({ address }) => address)).toEqual(['192.0.2.7']);
  });

  it('an address whose link was never seen is not given to the next of its index', () => {
    const stray = newAddress({ ifindex: 5, address: '192.0.2.1' });
    const addressesOfNext = (machine: Machine): unknown => {
      machine.message(newLink({ ifindex: 5 }));
      return snapshotOf(machine.state)[0]?.addresses;
    };
    const deleted = liveMachine();
    deleted.message(stray);
    deleted.message(delLink(5));
    expect(addressesOfNext(deleted)).toEqual([]);
    const swept = liveMachine();
    swept.message(stray);
    overrun(swept);
    swept.sync();
    expect(addressesOfNext(swept)).toEqual([]);
  });

  it('links of other namespaces are not swept by a look at our own', () => {
    const machine = liveMachine();
    machine.message(newLink({ ifindex: 9 }), 4);
    overrun(machine);
    machine.sync();
    expect(names(machine)).toEqual(['v9']);
  });

  it('one during the look begins it again, and the rows so far do not count', () => {
    const machine = liveMachine(mtu(1500));
    overrun(machine);
    machine.mark();
    machine.rows(newLink({ ifindex: 9 }));
    expect(kinds(overrun(machine))).toEqual(['overrun']);
    machine.feed({ kind: 'dump-end', token: machine.state.token - 1, interrupted: false });
    expect(machine.state.phase).toBe('draining');
    machine.sync(mtu(1500));
    expect(names(machine)).toEqual(['v1']);
  });

  it('nothing of the tables leads to no event', () => {
    const machine = liveMachine(mtu(1500), newAddress({ ifindex: 1, address: '192.0.2.1' }));
    overrun(machine);
    const events = machine.sync(mtu(1500), newAddress({ ifindex: 1, address: '192.0.2.1' }));
    expect(events).toMatchObject([{ kind: 'sync-ended', repairs: 0 }]);
  });
});

describe('a dump that stays interrupted (K20)', () => {
  const interrupted = (): Machine => {
    const machine = liveMachine(newLink({ ifindex: 1 }), newLink({ ifindex: 2 }));
    machine.feed({ kind: 'overrun' });
    machine.mark();
    machine.rows(mtu(9000));
    machine.dumpEnd(true);
    return machine;
  };

  it('sweeps nothing: a row that is missing proves nothing', () => {
    const machine = interrupted();
    expect(kinds(machine.mark())).toEqual(['link-changed', 'sync-ended']);
    expect(names(machine)).toEqual(['v1', 'v2']);
  });

  it('is read again after a pause, and then swept', () => {
    const machine = interrupted();
    machine.mark();
    const token = machine.state.token;
    expect(machine.effects.at(-1)).toMatchObject({ kind: 'timer', token });
    expect(kinds(machine.feed({ kind: 'tick', token }))).toEqual(['sync-started']);
    expect(kinds(machine.sync(mtu(9000)))).toEqual(['link-removed', 'sync-ended']);
    expect(machine.feed({ kind: 'tick', token })).toEqual([]);
  });
});

describe('rows and messages of one time', () => {
  const reading = (): Machine => {
    const machine = liveMachine(mtu(1500), newAddress({ ifindex: 1, address: '192.0.2.1' }));
    machine.feed({ kind: 'overrun' });
    machine.mark();
    return machine;
  };
  const finish = (machine: Machine): readonly WatchEvent[] => {
    machine.dumpEnd();
    return machine.mark();
  };

  it('a message wins over an older row', () => {
    const machine = reading();
    machine.rows(mtu(1500));
    machine.message(mtu(9000));
    finish(machine);
    expect(snapshotOf(machine.state)[0]?.mtu).toBe(9000);
  });

  it('a removal is not undone by the row that was read before', () => {
    const machine = reading();
    machine.rows(mtu(1500), newAddress({ ifindex: 1, address: '192.0.2.1' }));
    machine.message(delLink(1));
    finish(machine);
    expect(names(machine)).toEqual([]);
  });

  it('a removal of an address is not undone either', () => {
    const machine = reading();
    machine.rows(mtu(1500), newAddress({ ifindex: 1, address: '192.0.2.1' }));
    machine.message(delAddress({ ifindex: 1, address: '192.0.2.1' }));
    finish(machine);
    expect(snapshotOf(machine.state)[0]?.addresses).toEqual([]);
  });

  it('a link that came while the tables were read stays, though no row shows it', () => {
    const machine = reading();
    machine.rows(mtu(1500), newAddress({ ifindex: 1, address: '192.0.2.1' }));
    machine.message(newLink({ ifindex: 2 }));
    expect(finish(machine)).toMatchObject([{ kind: 'sync-ended', repairs: 0 }]);
    expect(names(machine)).toEqual(['v1', 'v2']);
  });

  it('a part of a link does not keep its row away (K9)', () => {
    const machine = reading();
    machine.rows(mtu(9000), newAddress({ ifindex: 1, address: '192.0.2.1' }));
    machine.message({ ...newLink({ ifindex: 1 }), attrs: { ifname: 'v1' } });
    finish(machine);
    expect(snapshotOf(machine.state)[0]?.mtu).toBe(9000);
  });

  it('nor does the row undo the part that came after it (K9)', () => {
    const machine = reading();
    machine.rows(mtu(1500), newAddress({ ifindex: 1, address: '192.0.2.1' }));
    machine.message({ ...newLink({ ifindex: 1 }), attrs: { mtu: 9000 } });
    finish(machine);
    expect(snapshotOf(machine.state)[0]?.mtu).toBe(9000);
  });

  it('a row of another family than IPv4 and IPv6 is no address of ours', () => {
    const mctp = newAddress({ ifindex: 1, address: '8' });
    const machine = liveMachine(mtu(1500), { ...mctp, header: { ...mctp.header, ifaFamily: 45 } });
    expect(snapshotOf(machine.state)[0]).toMatchObject({ level: 'carrier', addresses: [] });
  });
});
