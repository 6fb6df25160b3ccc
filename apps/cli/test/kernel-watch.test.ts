import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Namespace, namespaceMissing, openNamespace, titleOf } from './namespace.js';
import type { Running } from './running.js';

interface EventJson {
  readonly kind: string;
  readonly seq: number;
  readonly ifindex: number;
  readonly ifname: string;
  readonly to: string;
  readonly link?: { readonly mtu: number };
  readonly changes: Readonly<Record<string, readonly [unknown, unknown]>>;
}

function eventsOf(running: Running): EventJson[] {
  return running
    .stdout()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** What a reader of `lw watch --json` knows at the end: name, state and mtu by index. */
function folded(events: readonly EventJson[]): Map<number, object> {
  const links = new Map<number, { ifname: string; kernel: string; mtu: unknown }>();
  for (const event of events) {
    if (event.ifindex === undefined) continue;
    if (event.kind === 'link-removed' || event.kind === 'link-moved') links.delete(event.ifindex);
    else {
      const mtu = event.link?.mtu ?? event.changes.mtu?.[1] ?? links.get(event.ifindex)?.mtu;
      links.set(event.ifindex, { ifname: event.ifname, kernel: event.to, mtu });
    }
  }
  return links;
}

describe.skipIf(namespaceMissing !== undefined)(
  titleOf('lw watch on the kernel', namespaceMissing),
  () => {
    let ns: Namespace;

    beforeEach(async () => {
      ns = await openNamespace();
      ns.ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1');
      ns.ip('link', 'set', 'v1', 'up');
    });
    afterEach(() => ns.close());

    test('says what happens to a link: state, name, mtu, addresses, its end', async () => {
      const watch = ns.start('watch');
      await watch.shows(/in step with the kernel\n/);
      const does: readonly (readonly [readonly string[], RegExp])[] = [
        [['link', 'set', 'v0', 'up'], /v0 \(\d+\): up \(\w+\)/],
        [['addr', 'add', '192.0.2.1/24', 'dev', 'v0'], /v0 .*address 192\.0\.2\.1\/24 added/],
        [['link', 'set', 'v0', 'mtu', '1400'], /v0 .*mtu 1500 -> 1400/],
        [['link', 'set', 'v0', 'name', 'x0'], /x0 .*renamed, was v0/],
        [['addr', 'del', '192.0.2.1/24', 'dev', 'x0'], /x0 .*address 192\.0\.2\.1\/24 removed/],
        [['link', 'set', 'v1', 'down'], /v1 \(\d+\): admin-down \(admin\)/],
        [['link', 'add', 'br0', 'type', 'bridge'], /br0 \(\d+\): added, admin-down/],
        [['link', 'set', 'x0', 'master', 'br0'], /x0 .*master none -> br0/],
        [['link', 'del', 'x0'], /x0 \(\d+\): removed/],
      ];
      for (const [args, said] of does) {
        ns.ip(...args);
        await watch.shows(said);
      }
      const lines = watch.stdout().trimEnd().split('\n');
      for (const line of lines) expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} /);
      expect(watch.stderr()).toBe('');
    });

    test('a link that goes to another namespace is said to have moved or gone', async () => {
      const other = await ns.beside();
      try {
        const watch = ns.start('watch', '--json');
        await watch.shows(/sync-ended/);
        ns.ip('link', 'set', 'v1', 'netns', `${other.pid}`);
        await watch.shows(/"link-(moved|removed)"/);
        expect(
          eventsOf(watch)
            .filter(({ ifname }) => ifname === 'v1')
            .at(-1)?.kind,
        ).toBe('link-moved');
      } finally {
        other.close();
      }
    });

    test('events of --json count without a gap, and fold to what ip -j link says', async () => {
      const watch = ns.start('watch', '--json');
      await watch.shows(/sync-ended/);
      ns.ip('link', 'set', 'v0', 'up');
      ns.ip('link', 'add', 'w0', 'type', 'veth', 'peer', 'name', 'w1');
      ns.ip('link', 'del', 'w0');
      ns.ip('link', 'set', 'v0', 'mtu', '1300');
      await watch.shows(/\[1500,1300\]/);
      const events = eventsOf(watch);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect([...folded(events).values()]).toEqual([
        { ifname: 'lo', kernel: 'admin-down', mtu: 65536 },
        { ifname: 'v1', kernel: 'up', mtu: 1500 },
        { ifname: 'v0', kernel: 'up', mtu: 1300 },
      ]);
    });

    test('thirty flips into a receive buffer of 2 KiB: overrun is said, and the end is right', async () => {
      const watch = ns.start('watch', '--json', '--rcvbuf', '2048');
      await watch.shows(/sync-ended/);
      // Stopped, it cannot read while the kernel tells.
      watch.child.kill('SIGSTOP');
      for (let flip = 0; flip < 30; flip++) ns.ip('link', 'set', 'v0', flip % 2 ? 'down' : 'up');
      ns.ip('link', 'set', 'v1', 'mtu', '1280');
      ns.ip('link', 'add', 'late', 'type', 'bridge');
      watch.child.kill('SIGCONT');
      await watch.shows(/"kind":"overrun"/);
      await watch.shows(/"kind":"sync-ended"[^\n]*"reason":"resync"/);
      ns.ip('link', 'set', 'late', 'mtu', '1234');
      await watch.shows(/1234\]/);
      const theirs = ns.ipJson('link').map(({ ifindex, ifname, mtu }) => [ifindex, ifname, mtu]);
      const ours = [...folded(eventsOf(watch))].map(([ifindex, link]) => {
        const { ifname, mtu } = link as { ifname: string; mtu: number };
        return [ifindex, ifname, mtu];
      });
      expect(ours.sort(([a], [b]) => Number(a) - Number(b))).toEqual(theirs);
      watch.child.kill('SIGINT');
      expect(await watch.exit).toBe(130);
    });

    test.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('%s ends it at once with %i and nothing on stderr', async (signal, code) => {
      const watch = ns.start('watch');
      await watch.shows(/in step/);
      watch.child.kill(signal);
      expect(await watch.exit).toBe(code);
      expect(watch.stderr()).toBe('');
    });

    test('a reader that leaves ends it quietly at the next event', async () => {
      const watch = ns.start('watch');
      await watch.shows(/in step/);
      watch.child.stdout.destroy();
      ns.ip('link', 'set', 'v0', 'up');
      expect(await watch.exit).toBe(0);
      expect(watch.stderr()).toBe('');
    });

    test('without any capability it tells the same', async () => {
      const bare = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];
      const watch = ns.startWith(bare, 'watch', '--rcvbuf', '65536');
      await watch.shows(/in step/);
      ns.ip('link', 'set', 'v0', 'up');
      await watch.shows(/v0 \(\d+\): up \(\w+\)/);
    });

    test('only the links that are named are shown, one that comes later as well', async () => {
      const watch = ns.start('watch', 'w0');
      await watch.shows(/there is no link 'w0' yet: waiting for it/);
      ns.ip('link', 'set', 'v0', 'up');
      ns.ip('link', 'add', 'w0', 'type', 'veth', 'peer', 'name', 'w1');
      ns.ip('link', 'del', 'w0');
      await watch.shows(/w0 \(\d+\): removed/);
      expect(watch.stdout()).not.toMatch(/v0|v1|w1/);
    });
  },
);
