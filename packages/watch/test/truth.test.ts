import type { DecodedMessage } from '@lw/codec';
import { type LinkState, snapshotOf, type WatchEvent } from '@lw/watch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Machine } from './support/machine.ts';
import { delAddress, delLink, newAddress, newLink, up, upFlags } from './support/messages.ts';

/** A kernel small enough to be right: its tables, and the notifications that it queues. */
class ModelKernel {
  readonly links = new Map<number, DecodedMessage>();
  readonly addresses = new Map<string, DecodedMessage>();
  readonly queue: DecodedMessage[] = [];

  change(ifindex: number, mtu: number, isUp: boolean): void {
    const flags = isUp ? upFlags : up;
    const message = newLink({ ifindex, flags, operstate: isUp ? 6 : 2, attrs: { mtu } });
    this.links.set(ifindex, message);
    this.queue.push(message);
  }

  remove(ifindex: number): void {
    if (!this.links.delete(ifindex)) return;
    for (const [key, row] of this.addresses) {
      if (!key.startsWith(`${ifindex}/`)) continue;
      this.addresses.delete(key);
      this.queue.push({ ...row, op: 'deladdr' });
    }
    this.queue.push(delLink(ifindex));
  }

  address(ifindex: number, last: number, present: boolean): void {
    if (!this.links.has(ifindex)) return;
    const parts = { ifindex, address: `192.0.2.${last}` };
    const key = `${ifindex}/${last}`;
    if (present) this.addresses.set(key, newAddress(parts));
    else if (!this.addresses.delete(key)) return;
    this.queue.push(present ? newAddress(parts) : delAddress(parts));
  }

  rows(): DecodedMessage[] {
    return [...this.links.values(), ...this.addresses.values()];
  }

  truth(): unknown {
    return [...this.links.values()]
      .map(({ header, attrs }) => {
        const ifindex = header.ifiIndex as number;
        const addresses = [...this.addresses.values()]
          .filter((row) => row.header.ifaIndex === ifindex)
          .map((row) => row.attrs.local);
        return { ifindex, mtu: attrs.mtu, flags: header.ifiFlags, addresses: addresses.sort() };
      })
      .sort((a, b) => a.ifindex - b.ifindex);
  }
}

const seen = (links: readonly LinkState[]): unknown =>
  links.map(({ ifindex, mtu, flags, addresses }) => ({
    ifindex,
    mtu,
    flags,
    addresses: addresses.map(({ address }) => address).sort(),
  }));

/** What a consumer knows who has only the events. */
function replay(events: readonly WatchEvent[]): Map<string, { mtu: unknown; kernel: string }> {
  const links = new Map<string, { mtu: unknown; kernel: string }>();
  for (const event of events) {
    if (!('ifindex' in event)) continue;
    const key = `${event.ifindex}/${event.generation}`;
    if (event.kind === 'link-added') links.set(key, { mtu: event.link.mtu, kernel: event.to });
    else if (event.kind === 'link-removed') expect(links.delete(key)).toBe(true);
    else {
      const link = links.get(key);
      expect(link).toBeDefined();
      const mtu = event.changes.mtu;
      if (mtu !== undefined) expect(mtu[0]).toBe(link?.mtu);
      links.set(key, { mtu: mtu?.[1] ?? link?.mtu, kernel: event.to });
    }
  }
  return links;
}

const index = fc.integer({ min: 1, max: 4 });
const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      index,
      mtu: fc.constantFrom(1400, 1500),
      isUp: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), index }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('address' as const),
      index,
      last: fc.integer({ min: 1, max: 3 }),
      present: fc.boolean(),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  // the socket was full: the newest messages of the queue are lost (K18)
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('lose' as const),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('advance' as const) }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/** The driver's part, with the dump cut in two so that changes fall into it. */
class Driver {
  readonly kernel = new ModelKernel();
  readonly machine = new Machine();
  #half: DecodedMessage[] | undefined;

  run(c: Command): void {
    switch (c.do) {
      case 'change':
        this.kernel.change(c.index, c.mtu, c.isUp);
        return;
      case 'remove':
        this.kernel.remove(c.index);
        return;
      case 'address':
        this.kernel.address(c.index, c.last, c.present);
        return;
      case 'deliver':
        this.deliver(c.count);
        return;
      case 'lose':
        if (this.kernel.queue.splice(-c.count).length > 0) this.machine.feed({ kind: 'overrun' });
        this.#half = undefined;
        return;
      case 'advance':
        this.advance();
    }
  }

  deliver(count: number): void {
    for (const message of this.kernel.queue.splice(0, count)) this.machine.message(message);
  }

  /** The next thing that the driver does in this phase. */
  advance(): void {
    const { machine, kernel } = this;
    switch (machine.state.phase) {
      case 'idle':
        machine.feed({ kind: 'start' });
        return;
      case 'draining':
      case 'settling':
        this.deliver(kernel.queue.length);
        machine.mark();
        return;
      case 'reading':
        if (this.#half === undefined) {
          this.#half = kernel.rows();
          machine.rows(...this.#half.splice(0, Math.ceil(this.#half.length / 2)));
          return;
        }
        // Rows of the second half are as new as now, as the kernel reads them in parts.
        machine.rows(
          ...kernel.rows().filter((row) => this.#half?.some((old) => sameKey(old, row))),
        );
        this.#half = undefined;
        machine.dumpEnd();
        return;
      case 'live':
        this.deliver(kernel.queue.length);
    }
  }
}

function sameKey(a: DecodedMessage, b: DecodedMessage): boolean {
  return (
    a.op === b.op &&
    JSON.stringify(a.header) === JSON.stringify(b.header) &&
    a.attrs.local === b.attrs.local
  );
}

describe('whatever the kernel does, and whatever is lost', () => {
  it('the mirror is the kernel after quiet, and the events alone lead to the same', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
        const driver = new Driver();
        for (const c of commands) driver.run(c);
        for (let quiet = 0; quiet < 8; quiet++) driver.advance();
        const { machine, kernel } = driver;
        expect(machine.state.phase).toBe('live');
        const links = snapshotOf(machine.state);
        expect(seen(links)).toEqual(kernel.truth());
        expect(machine.events.map(({ seq }) => seq)).toEqual(machine.events.map((_, i) => i + 1));
        const told = replay(machine.events);
        expect([...told].sort()).toEqual(
          links
            .map(({ ifindex, generation, mtu, kernel: state }) => [
              `${ifindex}/${generation}`,
              { mtu, kernel: state },
            ])
            .sort(),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
