import { IFA_F_TENTATIVE } from '@lw/codec';
import type { WatchEvent } from '@lw/watch';
import { describe, expect, it } from 'vitest';
import {
  namespaceMissing,
  tapFlaps,
  tapMissing,
  titleOf,
  type Watched,
  watchWhile,
} from './support/namespace.ts';

/**
 * Watcher and `ip` agree on everything that both show, but for tentative addresses: the kernel tells of a
 * link-local address that it made itself only when duplicate detection is over (addrconf_dad_completed).
 */
function expectTruth({ snapshot, links }: Watched): void {
  const ours = snapshot.map((link) => ({
    ifindex: link.ifindex,
    ifname: link.ifname,
    mtu: link.mtu,
    address: link.address,
    operstate: link.operstate,
    master: snapshot.find(({ ifindex }) => ifindex === link.master)?.ifname,
    addresses: link.addresses
      .filter(({ flags }) => (flags & IFA_F_TENTATIVE) === 0)
      .map(({ address, prefixLength }) => `${address}/${prefixLength}`)
      .sort(),
  }));
  const states = ['UNKNOWN', 'NOTPRESENT', 'DOWN', 'LOWERLAYERDOWN', 'TESTING', 'DORMANT', 'UP'];
  const theirs = links.map((link) => ({
    ifindex: link.ifindex,
    ifname: link.ifname,
    mtu: link.mtu,
    address: link.address,
    operstate: states.indexOf(link.operstate),
    master: link.master,
    addresses: link.addr_info
      .filter((info) => info.tentative !== true)
      .map(({ local, prefixlen }) => `${local}/${prefixlen}`)
      .sort(),
  }));
  expect(ours).toEqual(theirs);
}

/** Events of a link since the first look, in short. */
function story(events: readonly WatchEvent[], ifname: string): string[] {
  return events.flatMap((event) =>
    'ifname' in event && event.ifname === ifname && event.reason !== 'initial'
      ? [
          `${event.kind}${event.kind === 'link-changed' ? ` ${Object.keys(event.changes).join(' ')}` : ''}`,
        ]
      : [],
  );
}

const veth = 'ip link add v0 type veth peer name v1; ip link set v1 up';

// Each has a namespace of its own, and most of its time is waiting.
describe.concurrent('on the real kernel', () => {
  const run = (fact: string, missing: string | undefined, test: () => Promise<void>): void => {
    it.skipIf(missing !== undefined)(titleOf(fact, missing), test, 60_000);
  };

  run(
    'a link that is added, goes up, changes, is renamed and deleted tells each',
    namespaceMissing,
    async () => {
      const watched = await watchWhile([
        veth,
        'ip link set v0 up',
        'ip link set v0 mtu 1400',
        'ip link set v0 name w0',
        'ip link set w0 down',
        'ip link del w0',
      ]);
      expect(story(watched.events, 'v0')).toEqual(
        expect.arrayContaining(['link-added', 'link-up', 'link-changed mtu']),
      );
      const later = story(watched.events, 'w0');
      expect(later[0]).toBe('link-renamed');
      expect(later).toEqual(expect.arrayContaining(['link-down', 'link-removed']));
      expectTruth(watched);
    },
  );

  run('an address counts when duplicate detection is over (K16)', namespaceMissing, async () => {
    const watched = await watchWhile([
      veth,
      'ip link set v0 up',
      'ip addr add 2001:db8::1/64 dev v0',
      'sleep 2.5',
    ]);
    const about = watched.events.filter(
      (e) => 'address' in e && e.address.address === '2001:db8::1',
    );
    expect(about.map(({ kind }) => kind)).toEqual(['address-added', 'address-changed']);
    expect(about[0]).toMatchObject({ address: { flags: 0xc0 } });
    expect(about[1]).toMatchObject({ changes: { flags: [0xc0, 0x80] } });
    expect(watched.snapshot.find(({ ifname }) => ifname === 'v0')?.level).toBe('routable');
    expectTruth(watched);
  });

  run('a port that joins and leaves a bridge is never removed (K6)', namespaceMissing, async () => {
    const watched = await watchWhile([
      `${veth}; ip link add br0 type bridge; ip link set br0 up; ip link set v0 up`,
      'ip link set v0 master br0',
      'ip link set v0 nomaster',
    ]);
    const told = story(watched.events, 'v0');
    expect(told).not.toContain('link-removed');
    expect(told.filter((line) => /master/.test(line))).toHaveLength(2);
    expectTruth(watched);
  });

  run('a move to another namespace is told as one (K7)', namespaceMissing, async () => {
    const watched = await watchWhile([
      `${veth}; (unshare -n sleep 6 & echo $! > /tmp/lw-watch-test.$PPID; sleep 0.3; ip link set v0 netns $(cat /tmp/lw-watch-test.$PPID); rm /tmp/lw-watch-test.$PPID) `,
    ]);
    const moved = watched.events.find(({ kind }) => kind === 'link-moved');
    expect(moved).toMatchObject({ ifname: 'v0', reason: 'namespace', to: 'absent' });
    expectTruth(watched);
  });

  run('an index that is reused is another generation (K7)', namespaceMissing, async () => {
    const watched = await watchWhile([
      'ip link add first index 77 type bridge',
      'ip link del first; ip link add second index 77 type bridge',
    ]);
    const at77 = watched.events.filter((e) => 'ifindex' in e && e.ifindex === 77);
    const generations = new Set(at77.map((e) => ('generation' in e ? e.generation : 0)));
    expect(generations.size).toBe(2);
    expectTruth(watched);
  });

  run(
    'flaps that a tap hides are counted from the carrier counters (K1)',
    tapMissing(),
    async () => {
      const flaps = 5;
      const watched = await watchWhile([`${tapFlaps} tap0 ${flaps} 0.02 > /dev/null`]);
      const about = watched.events.filter((e) => 'ifname' in e && e.ifname === 'tap0');
      const removed = about.findIndex(({ kind }) => kind === 'link-removed');
      const losses = about
        .slice(0, removed)
        .reduce(
          (sum, e) =>
            sum +
            (e.kind === 'link-flapped'
              ? e.hidden
              : e.kind === 'link-down' && e.reason === 'carrier'
                ? 1
                : 0),
          0,
        );
      expect(losses).toBe(flaps);
    },
  );

  run(
    '30 flips at a 2 KiB buffer: it lives, says overrun, and is right afterwards (K18)',
    namespaceMissing,
    async () => {
      const flip = 'for i in $(seq 30); do ip link set v0 down; ip link set v0 up; done';
      const batch =
        'for i in $(seq 200); do echo link set v0 mtu $((1300 + i)); done | ip -batch -';
      const watched = await watchWhile([veth, flip, batch, flip, batch], ['--rcvbuf', '2048']);
      expect(watched.stats.overruns).toBeGreaterThan(0);
      expect(watched.events.map(({ kind }) => kind)).toContain('overrun');
      expect(watched.events.at(-1)?.kind).not.toBe('overrun');
      expect(watched.stats.syncs).toBeGreaterThan(1);
      expectTruth(watched);
    },
  );
});
